package dev.weir.gateway.csv;

import dev.weir.gateway.rows.RowEvent;
import dev.weir.gateway.rows.RowFault;
import dev.weir.gateway.rows.TimeFormat;
import dev.weir.gateway.rows.UnusableRow;
import dev.weir.gateway.rows.ValueKind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the parts of an event are in a file, by column index from 0.
 *
 * @param columns how many cells a row has
 * @param id null when ids come from elsewhere; likewise source, type and subject
 * @param values what becomes the event's data
 */
public record ColumnMapping(
    int columns,
    @Nullable Integer id,
    @Nullable Integer source,
    @Nullable Integer type,
    @Nullable Integer subject,
    int time,
    TimeFormat timeFormat,
    Values values) {

  /**
   * Columns that become properties of the data.
   *
   * @param names of the properties
   * @param columns one for each name
   * @param kinds one for each name
   */
  public record Values(List<String> names, List<Integer> columns, List<ValueKind> kinds) {

    public Values {
      names = List.copyOf(names);
      columns = List.copyOf(columns);
      kinds = List.copyOf(kinds);
    }
  }

  /** The event of a row. */
  public RowEvent event(CsvRow row) throws UnusableRow {
    if (row.problem() != null) {
      throw row.problem();
    }
    List<String> cells = row.cells();
    if (cells.size() != columns) {
      throw new UnusableRow(
          RowFault.ROW_CELLS_WRONG,
          null,
          "it has %d cells instead of %d".formatted(cells.size(), columns));
    }
    return new RowEvent(
        part(cells, id, "id"),
        part(cells, source, "source"),
        part(cells, type, "type"),
        part(cells, subject, "subject"),
        RowEvent.time(cells.get(time), timeFormat),
        values.names(),
        data(cells));
  }

  private static @Nullable String part(List<String> cells, @Nullable Integer column, String field)
      throws UnusableRow {
    return column == null ? null : RowEvent.required(cells.get(column), field);
  }

  private List<@Nullable Object> data(List<String> cells) throws UnusableRow {
    int count = values.names().size();
    List<@Nullable Object> data = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      String cell = cells.get(values.columns().get(i));
      data.add(values.kinds().get(i).read(cell, "data." + values.names().get(i)));
    }
    return data;
  }
}
