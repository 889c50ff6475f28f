package dev.weir.gateway.csv;

import dev.weir.gateway.rows.ExactNumber;
import dev.weir.gateway.rows.TimeFormat;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What the first rows of a file say of its columns. One cell in ten may be bad, and one in any three or
 * more: bad rows must not hide a column. Pure.
 *
 * @param header the columns' names
 * @param rows with as many cells as the header
 */
public record ColumnSample(List<String> header, List<List<String>> rows) {

  /** Rows to look at. */
  public static final int ROWS = 200;

  public ColumnSample {
    header = header.stream().map(String::strip).toList();
    rows = List.copyOf(rows);
  }

  /** Whether a column's cells are times, empty ones aside. */
  public boolean isTime(int column, TimeFormat format) {
    return nearlyAll(cells(column), cell -> format.parse(cell) != null);
  }

  /** Whether a column's cells are numbers, empty ones aside. */
  public boolean isNumber(int column) {
    return nearlyAll(cells(column), cell -> ExactNumber.parse(cell) != null);
  }

  /** Whether numbers would lose something that the text has: a leading zero, or a plus. */
  public boolean isCode(int column) {
    return cells(column).stream().anyMatch(cell -> cell.matches("\\+.*|0[0-9]+"));
  }

  /** Whether no cell comes twice. */
  public boolean isDistinct(int column) {
    List<String> cells = cells(column);
    return new HashSet<>(cells).size() == cells.size();
  }

  /** Whether a column has something in every row. */
  public boolean isFilled(int column) {
    return nearlyAll(rows.stream().map(row -> row.get(column)).toList(), cell -> !cell.isBlank());
  }

  private static boolean nearlyAll(List<String> cells, Predicate<String> test) {
    long bad = cells.stream().filter(test.negate()).count();
    long allowed = cells.size() < 3 ? 0 : Math.max(1, cells.size() / 10);
    return !cells.isEmpty() && bad <= allowed;
  }

  /** The cells of a column that are not empty. */
  public List<String> cells(int column) {
    List<String> cells = new ArrayList<>();
    for (List<String> row : rows) {
      String cell = row.get(column).strip();
      if (!cell.isEmpty()) {
        cells.add(cell);
      }
    }
    return cells;
  }

  /** A column's name as a key that is not taken. */
  public String key(int column, Set<String> taken) {
    String key = snakeCase(header.get(column));
    String candidate = key.isEmpty() ? "column_" + (column + 1) : key;
    String free = candidate;
    for (int number = 2; taken.contains(free); number++) {
      free = candidate + "_" + number;
    }
    return free;
  }

  /** {@code ContextTokens} and {@code Context tokens} become {@code context_tokens}. */
  public static String snakeCase(String name) {
    return name.replaceAll("([a-z0-9])([A-Z])", "$1_$2")
        .replaceAll("([A-Z]+)([A-Z][a-z])", "$1_$2")
        .toLowerCase(Locale.ROOT)
        .replaceAll("[^a-z0-9]+", "_")
        .replaceAll("^_+|_+$", "");
  }
}
