package dev.weir.gateway.csv;

import dev.weir.gateway.client.ByteWriter;
import dev.weir.gateway.rows.ByteSource;
import dev.weir.gateway.rows.RowFault;
import dev.weir.gateway.rows.UnusableRow;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads records after RFC 4180, one at a time: a delimiter, quoted cells with doubled quotes and line
 * breaks in them, LF, CRLF or CR, a last line with or without an end, a byte order mark. Blank lines
 * are skipped. A record that breaks the rules or is too large is given with its problem, and reading
 * goes on at the next line.
 */
public final class CsvReader implements Closeable {

  static final int CELL_BYTES_MAX = 65_536;
  static final int CELLS_MAX = 1_024;

  private final ByteSource source;
  private final CsvFormat format;
  private final CharsetDecoder decoder;
  private final ByteWriter cell = new ByteWriter(1_024);
  private boolean cellIsAscii;
  private @Nullable UnusableRow problem;

  /** Takes over the source, at the start of a file or at the end of one of its rows. */
  public CsvReader(ByteSource source, CsvFormat format) throws IOException {
    this.source = source;
    this.format = format;
    // Reports what it cannot decode, instead of replacing it.
    this.decoder = format.charset().newDecoder();
    if (source.offset() == 0) {
      source.skipByteOrderMark();
    }
  }

  /** The next record, or null at the end; the source then keeps its bytes as the row. */
  public @Nullable CsvRow next() throws IOException {
    while (isLineEnd(source.peek())) {
      source.take();
    }
    source.startRow();
    if (source.peek() == ByteSource.END) {
      return null;
    }
    long start = source.line();
    problem = null;
    List<String> cells = new ArrayList<>();
    boolean more = true;
    while (more) {
      readCell();
      if (cells.size() == CELLS_MAX) {
        problem = malformed("it has more than " + CELLS_MAX + " cells");
      }
      if (source.isRowCut()) {
        problem = new UnusableRow(
            RowFault.ROW_TOO_LARGE,
            null,
            "it is longer than %d bytes".formatted(ByteSource.ROW_BYTES_MAX));
      }
      if (problem != null) {
        skipLine();
        break;
      }
      cells.add(text());
      more = source.take() == format.delimiter();
    }
    return new CsvRow(start, cells, problem);
  }

  /** Leaves the delimiter, line end or end of file after the cell to be taken. */
  private void readCell() throws IOException {
    cell.clear();
    cellIsAscii = true;
    if (source.peek() == '"') {
      source.take();
      readQuoted();
      return;
    }
    while (problem == null && !isCellEnd(source.peek())) {
      append(source.take());
    }
  }

  private void readQuoted() throws IOException {
    while (problem == null) {
      int b = source.take();
      if (b == ByteSource.END) {
        problem = malformed("a quoted cell is not closed");
      } else if (b != '"') {
        append(b);
      } else if (source.peek() == '"') {
        append(source.take());
      } else if (isCellEnd(source.peek())) {
        return;
      } else {
        problem = malformed("there is text after a closing quote");
      }
    }
  }

  private void append(int b) {
    if (cell.length() == CELL_BYTES_MAX) {
      problem = new UnusableRow(
          RowFault.ROW_TOO_LARGE, null, "a cell is longer than " + CELL_BYTES_MAX + " bytes");
      return;
    }
    cellIsAscii &= b < 0x80;
    cell.ascii((char) b);
  }

  /** The cell's text; an empty one, and a problem, when the bytes are none. */
  private String text() {
    if (cellIsAscii) {
      return new String(cell.array(), 0, cell.length(), StandardCharsets.ISO_8859_1);
    }
    try {
      return decoder.decode(ByteBuffer.wrap(cell.array(), 0, cell.length())).toString();
    } catch (CharacterCodingException e) {
      problem = new UnusableRow(
          RowFault.ROW_CHARSET_WRONG, null, "its bytes are not %s".formatted(format.charset()));
      return "";
    }
  }

  private static UnusableRow malformed(String why) {
    return new UnusableRow(RowFault.ROW_MALFORMED, null, why);
  }

  private void skipLine() throws IOException {
    while (source.peek() != ByteSource.END && !isLineEnd(source.take())) {
      // goes on to the line's end
    }
  }

  private boolean isCellEnd(int b) {
    return b == format.delimiter() || b == ByteSource.END || isLineEnd(b);
  }

  private static boolean isLineEnd(int b) {
    return b == '\n' || b == '\r';
  }

  @Override
  public void close() throws IOException {
    source.close();
  }
}
