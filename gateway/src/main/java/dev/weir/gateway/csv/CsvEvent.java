package dev.weir.gateway.csv;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A row as an event.
 *
 * @param subject empty when the file has no subject column
 * @param values one for each meter, in the mapping's order
 * @param groups one for each dimension, in the mapping's order
 */
public record CsvEvent(
    String id, String subject, Instant time, List<BigDecimal> values, List<String> groups) {

  public CsvEvent {
    values = List.copyOf(values);
    groups = List.copyOf(groups);
  }

  /** Thrown for a row that cannot be an event; says why. Stackless. */
  static final class Unusable extends Exception {

    Unusable(String why) {
      super(why, null, false, false);
    }

    String why() {
      return String.valueOf(getMessage());
    }
  }

  /**
   * Reads a row.
   *
   * @param rowNumber of the data row, from 1
   */
  static CsvEvent of(CsvRow row, CsvMapping mapping, String fileName, long rowNumber)
      throws Unusable {
    if (row.problem() != null) {
      throw new Unusable(row.problem());
    }
    List<String> cells = row.cells();
    if (cells.size() != mapping.columns()) {
      throw new Unusable(
          "it has %d cells instead of %d".formatted(cells.size(), mapping.columns()));
    }
    Instant time = CsvTime.parse(cells.get(mapping.time()), mapping.zone());
    if (time == null) {
      throw new Unusable("'%s' is no time".formatted(shortened(cells.get(mapping.time()))));
    }
    List<BigDecimal> values = new ArrayList<>();
    for (int column : mapping.meters().values()) {
      BigDecimal value = CsvNumber.parse(cells.get(column));
      if (value == null) {
        throw new Unusable("'%s' is no number of at most 38 digits, 18 of them decimals"
            .formatted(shortened(cells.get(column))));
      }
      values.add(value);
    }
    List<String> groups = mapping.groupBy().values().stream().map(cells::get).toList();
    Integer idColumn = mapping.id();
    Integer subjectColumn = mapping.subject();
    return new CsvEvent(
        idColumn == null ? fileName + ":" + rowNumber : given(cells.get(idColumn), "id"),
        subjectColumn == null ? "" : given(cells.get(subjectColumn), "subject"),
        time,
        values,
        groups);
  }

  private static final int NAME_CHARS_MAX = 256;

  private static String given(String cell, String what) throws Unusable {
    String text = cell.strip();
    if (text.isEmpty() || text.length() > NAME_CHARS_MAX || text.indexOf('\0') >= 0) {
      throw new Unusable("its " + what + " is empty or longer than " + NAME_CHARS_MAX);
    }
    return text;
  }

  private static String shortened(String cell) {
    return cell.length() <= 40 ? cell : cell.substring(0, 40) + "…";
  }
}
