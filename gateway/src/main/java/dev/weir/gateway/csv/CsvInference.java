package dev.weir.gateway.csv;

import dev.weir.gateway.terminal.CommandFailure;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Finds the mapping of a file from what the user said, its header and its first rows. The time is the
 * first column whose cells are times, a few bad ones excepted. Without a word about meters, every column of numbers is
 * one; and then, without a word about dimensions, every column of text that repeats itself is one.
 * Pure.
 */
final class CsvInference {

  /** Rows to look at. */
  static final int SAMPLE_ROWS = 200;

  /** Usage queries group by the subject under this name. */
  private static final String SUBJECT = "subject";

  private static final int DIMENSIONS_MAX = 32;
  private static final int DIMENSION_CHARS_MAX = 100;

  private final String file;
  private final List<String> header;
  private final List<List<String>> sample;
  private final CsvColumns said;

  private CsvInference(
      String file, List<String> header, List<List<String>> sample, CsvColumns said) {
    this.file = file;
    this.header = header.stream().map(String::strip).toList();
    this.sample = sample;
    this.said = said;
  }

  /**
   * @param sample rows with as many cells as the header
   * @throws CommandFailure naming the column or option at fault
   */
  static CsvMapping infer(
      String file, List<String> header, List<List<String>> sample, CsvColumns said) {
    return new CsvInference(file, header, sample, said).mapping();
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
      List<String> cells = cells(column);
      if (nearlyAll(cells, cell -> CsvTime.parse(cell, said.zone()) != null)) {
        return column;
      }
    }
    throw new CommandFailure(
        ("No column of %s holds times such as 2026-01-31T10:15:00Z; the columns"
                + " are %s. Name one with --time-column.")
            .formatted(file, header));
  }

  /** One cell in ten may be bad, and one in any three or more: bad rows must not hide a column. */
  private static boolean nearlyAll(List<String> cells, Predicate<String> test) {
    long bad = cells.stream().filter(test.negate()).count();
    long allowed = cells.size() < 3 ? 0 : Math.max(1, cells.size() / 10);
    return !cells.isEmpty() && bad <= allowed;
  }

  private void inferMeters(Map<String, Integer> meters, Set<Integer> used) {
    for (int column = 0; column < header.size(); column++) {
      List<String> cells = cells(column);
      if (!used.contains(column) && nearlyAll(cells, cell -> CsvNumber.parse(cell) != null)) {
        meters.put(unused(key(header.get(column), column), meters.keySet()), column);
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
      List<String> cells = cells(column);
      Set<String> distinct = new HashSet<>(cells);
      boolean repeats = distinct.size() == 1 || distinct.size() <= cells.size() / 2;
      boolean isShort = cells.stream().allMatch(cell -> cell.length() <= DIMENSION_CHARS_MAX);
      if (!used.contains(column) && !cells.isEmpty() && repeats && isShort) {
        Set<String> taken = new HashSet<>(meters);
        taken.addAll(groupBy.keySet());
        taken.add(SUBJECT);
        groupBy.put(unused(key(header.get(column), column), taken), column);
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

  /** The cells of a column in the sample that are not empty. */
  private List<String> cells(int column) {
    List<String> cells = new ArrayList<>();
    for (List<String> row : sample) {
      String cell = row.get(column).strip();
      if (!cell.isEmpty()) {
        cells.add(cell);
      }
    }
    return cells;
  }

  private static String unused(String key, Set<String> taken) {
    String candidate = key;
    for (int number = 2; taken.contains(candidate); number++) {
      candidate = key + "_" + number;
    }
    return candidate;
  }

  private static String key(String name, int column) {
    String key = snakeCase(name);
    return key.isEmpty() ? "column_" + (column + 1) : key;
  }

  /** {@code ContextTokens} and {@code Context tokens} become {@code context_tokens}. */
  static String snakeCase(String name) {
    return name.replaceAll("([a-z0-9])([A-Z])", "$1_$2")
        .replaceAll("([A-Z]+)([A-Z][a-z])", "$1_$2")
        .toLowerCase(Locale.ROOT)
        .replaceAll("[^a-z0-9]+", "_")
        .replaceAll("^_+|_+$", "");
  }
}
