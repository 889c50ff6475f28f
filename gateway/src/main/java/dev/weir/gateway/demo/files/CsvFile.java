package dev.weir.gateway.demo.files;

import dev.weir.gateway.csv.ColumnMapping;
import dev.weir.gateway.csv.ColumnSample;
import dev.weir.gateway.csv.CsvFormat;
import dev.weir.gateway.csv.CsvReader;
import dev.weir.gateway.csv.CsvRow;
import dev.weir.gateway.csv.CsvTable;
import dev.weir.gateway.rows.ByteSource;
import dev.weir.gateway.rows.RowEvent;
import dev.weir.gateway.rows.UnusableRow;
import dev.weir.gateway.terminal.CommandFailure;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A CSV file with its mapping. Can be read any number of times; never holds more than a row. */
record CsvFile(Path path, String name, List<String> header, CsvMapping mapping) {

  CsvFile {
    header = List.copyOf(header);
  }

  /** Reads the header and the first rows to find the mapping. */
  static CsvFile open(Path path, CsvColumns said) {
    if (!Files.isRegularFile(path) || !Files.isReadable(path)) {
      throw new CommandFailure("--input: there is no readable file " + path);
    }
    String name = String.valueOf(path.getFileName());
    try (CsvReader reader = reader(path)) {
      ColumnSample sample = CsvTable.sample(reader, name);
      CsvMapping mapping = CsvInference.infer(name, sample, said);
      return new CsvFile(path, name, sample.header(), mapping);
    } catch (IOException e) {
      throw new CommandFailure("Reading " + path + " failed: " + e);
    }
  }

  private static CsvReader reader(Path path) throws IOException {
    return new CsvReader(new ByteSource(Files.newInputStream(path), 0, 1), CsvFormat.USUAL);
  }

  /** The file's events from the start. */
  Events events() {
    return new Events(this);
  }

  /** Told of every row that cannot be an event. */
  interface BadRows {
    void add(CsvFile file, long line, String why);
  }

  /** One pass over the rows after the header. */
  static final class Events implements Closeable {

    private final CsvFile file;
    private final ColumnMapping mapping;
    private final CsvReader reader;
    private long rowNumber;

    private Events(CsvFile file) {
      this.file = file;
      this.mapping = file.mapping().toEvents();
      try {
        reader = reader(file.path());
        reader.next();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** The next row that is an event, or null at the end; the rows passed over go to badRows. */
    @Nullable
    RowEvent next(BadRows badRows) {
      try {
        for (CsvRow row = reader.next(); row != null; row = reader.next()) {
          rowNumber++;
          try {
            RowEvent event = mapping.event(row);
            return event.id() == null ? event.withId(file.name() + ":" + rowNumber) : event;
          } catch (UnusableRow e) {
            badRows.add(file, row.line(), e.why());
          }
        }
        return null;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void close() {
      try {
        reader.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
