package dev.weir.gateway.csv;

import dev.weir.gateway.terminal.CommandFailure;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A CSV file with its mapping. Can be read any number of times; never holds more than a row. */
public record CsvFile(Path path, String name, List<String> header, CsvMapping mapping) {

  public CsvFile {
    header = List.copyOf(header);
  }

  /** Reads the header and the first rows to find the mapping. */
  public static CsvFile open(Path path, CsvColumns said) {
    if (!Files.isRegularFile(path) || !Files.isReadable(path)) {
      throw new CommandFailure("--input: there is no readable file " + path);
    }
    String name = String.valueOf(path.getFileName());
    try (CsvReader reader = reader(path)) {
      CsvRow header = reader.next();
      if (header == null) {
        throw new CommandFailure(
            "%s is empty; the first line must name the columns.".formatted(name));
      }
      if (header.problem() != null) {
        throw new CommandFailure("The header of %s: %s.".formatted(name, header.problem()));
      }
      List<List<String>> sample = sample(reader, header.cells().size());
      CsvMapping mapping = CsvInference.infer(name, header.cells(), sample, said);
      return new CsvFile(path, name, header.cells(), mapping);
    } catch (IOException e) {
      throw new CommandFailure("Reading " + path + " failed: " + e);
    }
  }

  private static List<List<String>> sample(CsvReader reader, int columns) throws IOException {
    List<List<String>> sample = new ArrayList<>();
    CsvRow row = reader.next();
    for (int rows = 0; row != null && rows < CsvInference.SAMPLE_ROWS; rows++) {
      if (row.problem() == null && row.cells().size() == columns) {
        sample.add(row.cells());
      }
      row = reader.next();
    }
    return sample;
  }

  /** Bytes that are not UTF-8 become replacement characters. */
  private static CsvReader reader(Path path) throws IOException {
    Reader text = new InputStreamReader(
        Files.newInputStream(path),
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPLACE)
            .onUnmappableCharacter(CodingErrorAction.REPLACE));
    return new CsvReader(text);
  }

  /** The file's events from the start. */
  public Events events() {
    return new Events(this);
  }

  /** Told of every row that cannot be an event. */
  public interface BadRows {
    void add(CsvFile file, long line, String why);
  }

  /** One pass over the rows after the header. */
  public static final class Events implements Closeable {

    private final CsvFile file;
    private final CsvReader reader;
    private long rowNumber;

    private Events(CsvFile file) {
      this.file = file;
      try {
        reader = reader(file.path());
        reader.next();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** The next row that is an event, or null at the end; the rows passed over go to badRows. */
    @Nullable
    public CsvEvent next(BadRows badRows) {
      try {
        for (CsvRow row = reader.next(); row != null; row = reader.next()) {
          rowNumber++;
          try {
            return CsvEvent.of(row, file.mapping(), file.name(), rowNumber);
          } catch (CsvEvent.Unusable e) {
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
