package dev.weir.gateway.csv;

import dev.weir.gateway.rows.UnusableRow;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One record of a CSV file.
 *
 * @param line the line it starts on, from 1
 * @param problem why it cannot be used, or null
 */
public record CsvRow(
    long line, List<String> cells, @Nullable UnusableRow problem) {

  public CsvRow {
    cells = List.copyOf(cells);
  }
}
