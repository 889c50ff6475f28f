package dev.weir.gateway.imports.reading;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.gateway.client.ByteWriter;
import dev.weir.gateway.imports.mapping.EventForm;
import dev.weir.gateway.imports.mapping.JsonMapping;
import dev.weir.gateway.rows.ByteSource;
import dev.weir.gateway.rows.RowFault;
import dev.weir.gateway.rows.UnusableRow;
import java.io.IOException;
import java.util.function.Consumer;

/** The lines of a file of newline-delimited JSON; blank ones are skipped. */
final class LineRows implements Rows {

  /** Makes an event of a line. */
  interface Writer {
    void write(ByteWriter line, long number, ByteWriter out) throws UnusableRow, IOException;
  }

  private final ByteSource source;
  private final Writer writer;
  private final ByteWriter text = new ByteWriter(1_024);
  private long line;

  private LineRows(ByteSource source, Writer writer) throws IOException {
    this.source = source;
    this.writer = writer;
    if (source.offset() == 0) {
      source.skipByteOrderMark();
    }
  }

  /** Lines that are CloudEvents; they are sent byte for byte. */
  static LineRows cloudEvents(ByteSource source) throws IOException {
    return new LineRows(source, (line, number, out) -> {
      // Two events on a line, or one on two, would shift the verdicts of all that follow.
      ImportJson.requireObject(line);
      out.bytes(line.array(), 0, line.length());
    });
  }

  /** Objects to look at; nothing is written. */
  static LineRows sample(ByteSource source, Consumer<JsonNode> each) throws IOException {
    return new LineRows(source, (line, number, out) -> each.accept(ImportJson.object(line)));
  }

  /** Lines that are any objects. */
  static LineRows objects(ByteSource source, JsonMapping mapping, EventForm form)
      throws IOException {
    return new LineRows(
        source,
        (line, number, out) -> form.write(mapping.event(ImportJson.object(line)), number, out));
  }

  @Override
  public boolean next() throws IOException {
    while (source.peek() != ByteSource.END) {
      line = source.line();
      source.startRow();
      boolean blank = true;
      int b = source.take();
      while (b != ByteSource.END && b != '\n') {
        blank &= b == ' ' || b == '\t' || b == '\r';
        b = source.take();
      }
      if (!blank) {
        return true;
      }
    }
    return false;
  }

  @Override
  public long line() {
    return line;
  }

  @Override
  public void write(long number, ByteWriter out) throws UnusableRow, IOException {
    if (source.isRowCut()) {
      throw new UnusableRow(
          RowFault.ROW_TOO_LARGE,
          null,
          "it is longer than %d bytes".formatted(ByteSource.ROW_BYTES_MAX));
    }
    ByteWriter row = source.row();
    int length = row.length();
    while (row.array()[length - 1] <= ' ' && row.array()[length - 1] >= 0) {
      length--;
    }
    text.clear();
    text.bytes(row.array(), 0, length);
    writer.write(text, number, out);
  }

  @Override
  public ByteSource source() {
    return source;
  }
}
