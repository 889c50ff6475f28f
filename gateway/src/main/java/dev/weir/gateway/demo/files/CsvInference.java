package dev.weir.gateway.demo.files;

import dev.weir.gateway.csv.ColumnSample;
import dev.weir.gateway.rows.TimeFormat;
import dev.weir.gateway.terminal.CommandFailure;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the mapping of a file from what the user said, its header and its first rows. The time is the
 * first column whose cells are times. Without a word about meters, every column of numbers is one; and
 * then, without a word about dimensions, every column of text that repeats itself is one. Pure.
 */
final class CsvInference {

  /** Usage queries group by the subject under this name. */
  private static final String SUBJECT = "subject";

  private static final int DIMENSIONS_MAX = 32;
  private static final int DIMENSION_CHARS_MAX = 100;

  private final String file;
  private final List<String> header;
  private final ColumnSample sample;
  private final CsvColumns said;

  private CsvInference(String file, ColumnSample sample, CsvColumns said) {
    this.file = file;
    this.header = sample.header();
    this.sample = sample;
    this.said = said;
  }

  /** @throws CommandFailure naming the column or option at fault */
  static CsvMapping infer(String file, ColumnSample sample, CsvColumns said) {
    return new CsvInference(file, sample, said).mapping();
  }

  private CsvMapping mapping() {
    int time = said.time() == null ? firstTime() : column(said.time(), "--time-column");
    Integer subject = optional(said.subject(), "--subject-column");
    Integer id = optional(said.id(), "--id-column");
    Map<String, Integer> groupBy = new LinkedHashMap<>();
    said.groupBy().forEach((name, text) -> groupBy.put(name, column(text, "--group-by")));
    Set<Integer> used = new HashSet<>(groupBy.values());
    used.add(time);
    if (subject != null) {
      used.add(subject);
    }
    if (id != null) {
      used.add(id);
    }
    Map<String, Integer> meters = new LinkedHashMap<>();
    said.meters().forEach((key, text) -> meters.put(key, column(text, "--meter")));
    if (meters.isEmpty()) {
      inferMeters(meters, used);
      if (groupBy.isEmpty()) {
        used.addAll(meters.values());
        inferDimensions(groupBy, used, meters.keySet());
      }
    }
    checkNames(meters.keySet(), groupBy.keySet());
    return new CsvMapping(header.size(), time, subject, id, meters, groupBy, said.zone());
  }

  private int column(String name, String option) {
    int index = header.indexOf(name.strip());
    if (index < 0) {
      throw new CommandFailure("%s names the column '%s', but %s has the columns %s."
          .formatted(option, name, file, header));
    }
    return index;
  }

  private @Nullable Integer optional(@Nullable String name, String option) {
    return name == null ? null : Integer.valueOf(column(name, option));
  }

  private int firstTime() {
    for (int column = 0; column < header.size(); column++) {
      if (sample.isTime(column, TimeFormat.iso(said.zone()))) {
        return column;
      }
    }
    throw new CommandFailure(
        ("No column of %s holds times such as 2026-01-31T10:15:00Z; the columns"
                + " are %s. Name one with --time-column.")
            .formatted(file, header));
  }

  private void inferMeters(Map<String, Integer> meters, Set<Integer> used) {
    for (int column = 0; column < header.size(); column++) {
      if (!used.contains(column) && sample.isNumber(column)) {
        meters.put(sample.key(column, meters.keySet()), column);
      }
    }
    if (meters.isEmpty()) {
      throw new CommandFailure(
          "No column of %s holds numbers to meter; the columns are %s. Name one"
                  .formatted(file, header)
              + " with --meter key=Column.");
    }
  }

  /** Text in which no value repeats is an identifier rather than a dimension. */
  private void inferDimensions(
      Map<String, Integer> groupBy, Set<Integer> used, Set<String> meters) {
    for (int column = 0; column < header.size() && groupBy.size() < DIMENSIONS_MAX; column++) {
      List<String> cells = sample.cells(column);
      Set<String> distinct = new HashSet<>(cells);
      boolean repeats = distinct.size() == 1 || distinct.size() <= cells.size() / 2;
      boolean isShort = cells.stream().allMatch(cell -> cell.length() <= DIMENSION_CHARS_MAX);
      if (!used.contains(column) && !cells.isEmpty() && repeats && isShort) {
        Set<String> taken = new HashSet<>(meters);
        taken.addAll(groupBy.keySet());
        taken.add(SUBJECT);
        groupBy.put(sample.key(column, taken), column);
      }
    }
  }

  private static void checkNames(Set<String> meters, Set<String> dimensions) {
    if (dimensions.contains(SUBJECT)) {
      throw new CommandFailure("'subject' is not free as the name of a dimension; use another.");
    }
    for (String name : dimensions) {
      if (meters.contains(name)) {
        throw new CommandFailure(
            "'%s' is both a meter and a dimension; name one of them otherwise.".formatted(name));
      }
    }
  }
}
