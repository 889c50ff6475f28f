package dev.weir.gateway.csv;

import dev.weir.gateway.terminal.CommandFailure;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Looks at the beginning of a file. */
public final class CsvTable {

  private CsvTable() {}

  /**
   * Reads the header and the first rows.
   *
   * @param file its name, for messages
   * @throws CommandFailure when there is no header to use
   */
  public static ColumnSample sample(CsvReader reader, String file) throws IOException {
    CsvRow header = reader.next();
    if (header == null) {
      throw new CommandFailure(
          "%s is empty; the first line must name the columns.".formatted(file));
    }
    if (header.problem() != null) {
      throw new CommandFailure(
          "The header of %s: %s.".formatted(file, header.problem().why()));
    }
    return sample(reader, header.cells());
  }

  /** Reads the first rows below a known header. */
  public static ColumnSample sample(CsvReader reader, List<String> header) throws IOException {
    List<List<String>> sample = new ArrayList<>();
    CsvRow row = reader.next();
    for (int rows = 0; row != null && rows < ColumnSample.ROWS; rows++) {
      if (row.problem() == null && row.cells().size() == header.size()) {
        sample.add(row.cells());
      }
      row = reader.next();
    }
    return new ColumnSample(header, sample);
  }
}
