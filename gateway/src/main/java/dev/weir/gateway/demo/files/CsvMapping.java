package dev.weir.gateway.demo.files;

import dev.weir.gateway.csv.ColumnMapping;
import dev.weir.gateway.rows.RowEvent;
import dev.weir.gateway.rows.TimeFormat;
import dev.weir.gateway.rows.ValueKind;
import java.math.BigDecimal;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What of a file is metered, by column index from 0.
 *
 * @param columns how many cells a row has
 * @param subject null when all rows are one customer's
 * @param id null when an event's id is the file name with the row number
 * @param meters meter key to column; not empty
 * @param groupBy dimension to column
 */
record CsvMapping(
    int columns,
    int time,
    @Nullable Integer subject,
    @Nullable Integer id,
    Map<String, Integer> meters,
    Map<String, Integer> groupBy,
    ZoneId zone) {

  CsvMapping {
    meters = Collections.unmodifiableMap(new LinkedHashMap<>(meters));
    groupBy = Collections.unmodifiableMap(new LinkedHashMap<>(groupBy));
  }

  /** The mapping from columns to events: the meters' values come first. */
  ColumnMapping toEvents() {
    List<String> names = new ArrayList<>(meters.keySet());
    names.addAll(groupBy.keySet());
    List<Integer> places = new ArrayList<>(meters.values());
    places.addAll(groupBy.values());
    List<ValueKind> kinds =
        new ArrayList<>(Collections.nCopies(meters.size(), ValueKind.NUMBER_OR_ZERO));
    kinds.addAll(Collections.nCopies(groupBy.size(), ValueKind.TEXT));
    return new ColumnMapping(
        columns,
        id,
        null,
        null,
        subject,
        time,
        TimeFormat.iso(zone),
        new ColumnMapping.Values(names, places, kinds));
  }

  /** A meter's value in an event, by the meter's place in the order. */
  static BigDecimal value(RowEvent event, int meter) {
    return event.values().get(meter) instanceof BigDecimal value ? value : BigDecimal.ZERO;
  }

  /** The mapping in words, with the file's own column names. */
  String describe(List<String> header) {
    StringBuilder text = new StringBuilder("time from ").append(header.get(time));
    text.append(subject == null ? "" : ", subject from " + header.get(subject));
    text.append(id == null ? "" : ", id from " + header.get(id));
    meters.forEach((key, column) ->
        text.append(", meter ").append(key).append(" from ").append(header.get(column)));
    groupBy.forEach((name, column) ->
        text.append(", grouped by ").append(name).append(" from ").append(header.get(column)));
    return text.toString();
  }
}
