package dev.weir.gateway.imports.reading;

import dev.weir.gateway.client.ByteWriter;
import dev.weir.gateway.csv.ColumnMapping;
import dev.weir.gateway.csv.CsvReader;
import dev.weir.gateway.csv.CsvRow;
import dev.weir.gateway.imports.mapping.EventForm;
import dev.weir.gateway.rows.ByteSource;
import dev.weir.gateway.rows.UnusableRow;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The records of a CSV file below its header. */
final class CsvRows implements Rows {

  private final ByteSource source;
  private final CsvReader reader;
  private final ColumnMapping mapping;
  private final EventForm form;
  private @Nullable CsvRow row;

  /** @param skipHeader whether the first record is the header */
  CsvRows(
      ByteSource source,
      CsvReader reader,
      boolean skipHeader,
      ColumnMapping mapping,
      EventForm form)
      throws IOException {
    this.source = source;
    this.reader = reader;
    this.mapping = mapping;
    this.form = form;
    if (skipHeader) {
      reader.next();
    }
  }

  @Override
  public boolean next() throws IOException {
    row = reader.next();
    return row != null;
  }

  private CsvRow row() {
    if (row == null) {
      throw new IllegalStateException("there is no row");
    }
    return row;
  }

  @Override
  public long line() {
    return row().line();
  }

  @Override
  public void write(long number, ByteWriter out) throws UnusableRow {
    form.write(mapping.event(row()), number, out);
  }

  @Override
  public ByteSource source() {
    return source;
  }
}
