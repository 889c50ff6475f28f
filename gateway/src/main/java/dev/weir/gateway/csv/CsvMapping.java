package dev.weir.gateway.csv;

import java.time.ZoneId;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where the parts of an event are in a file, by column index from 0.
 *
 * @param columns how many cells a row has
 * @param subject null when all rows are one customer's
 * @param id null when an event's id is the file name with the row number
 * @param meters meter key to column; not empty
 * @param groupBy dimension to column
 */
public record CsvMapping(
    int columns,
    int time,
    @Nullable Integer subject,
    @Nullable Integer id,
    Map<String, Integer> meters,
    Map<String, Integer> groupBy,
    ZoneId zone) {

  public CsvMapping {
    meters = Collections.unmodifiableMap(new LinkedHashMap<>(meters));
    groupBy = Collections.unmodifiableMap(new LinkedHashMap<>(groupBy));
  }

  /** The mapping in words, with the file's own column names. */
  public String describe(List<String> header) {
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
