package dev.weir.gateway.csv;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One record of a CSV file.
 *
 * @param line the line it starts on, from 1
 * @param problem why it cannot be used, or null
 */
record CsvRow(long line, List<String> cells, @Nullable String problem) {

  CsvRow {
    cells = List.copyOf(cells);
  }
}
