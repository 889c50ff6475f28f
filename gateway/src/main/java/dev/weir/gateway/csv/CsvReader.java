package dev.weir.gateway.csv;

import java.io.Closeable;
import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads records after RFC 4180, one at a time: commas, quoted cells with doubled quotes and line
 * breaks in them, LF, CRLF or CR, a last line with or without an end, a byte order mark. Blank lines
 * are skipped. A record that breaks the rules or is too large is given with its problem, and reading
 * goes on at the next line.
 */
final class CsvReader implements Closeable {

  static final int CELL_CHARS_MAX = 65_536;
  static final int CELLS_MAX = 1_024;

  private static final int END = -1;
  private static final int NOTHING_AHEAD = -2;
  private static final int BYTE_ORDER_MARK = 0xFEFF;

  private final Reader source;
  private final char[] buffer = new char[1 << 15];
  private int at;
  private int limit;
  private int ahead = NOTHING_AHEAD;
  private long line = 1;

  private final StringBuilder cell = new StringBuilder();
  private @Nullable String problem;

  /** Takes over the source, which need not be buffered. */
  CsvReader(Reader source) throws IOException {
    this.source = source;
    if (peek() == BYTE_ORDER_MARK) {
      take();
    }
  }

  /** The next record, or null at the end. */
  @Nullable
  CsvRow next() throws IOException {
    while (isLineEnd(peek())) {
      take();
    }
    if (peek() == END) {
      return null;
    }
    long start = line;
    problem = null;
    List<String> cells = new ArrayList<>();
    boolean more = true;
    while (more) {
      readCell();
      cells.add(cell.toString());
      if (cells.size() > CELLS_MAX) {
        problem = "it has more than " + CELLS_MAX + " cells";
      }
      if (problem != null) {
        skipLine();
        break;
      }
      more = take() == ',';
    }
    return new CsvRow(start, cells, problem);
  }

  /** Leaves the comma, line end or end of file after the cell to be taken. */
  private void readCell() throws IOException {
    cell.setLength(0);
    if (peek() == '"') {
      take();
      readQuoted();
      return;
    }
    while (!isCellEnd(peek())) {
      append(take());
      if (problem != null) {
        return;
      }
    }
  }

  private void readQuoted() throws IOException {
    while (problem == null) {
      int c = take();
      if (c == END) {
        problem = "a quoted cell is not closed";
      } else if (c != '"') {
        append(c);
      } else if (peek() == '"') {
        append(take());
      } else if (isCellEnd(peek())) {
        return;
      } else {
        problem = "there is text after a closing quote";
      }
    }
  }

  private void append(int c) {
    if (cell.length() == CELL_CHARS_MAX) {
      problem = "a cell is longer than " + CELL_CHARS_MAX + " characters";
      return;
    }
    cell.append((char) c);
  }

  private void skipLine() throws IOException {
    while (peek() != END && !isLineEnd(take())) {
      // goes on to the line's end
    }
  }

  private static boolean isCellEnd(int c) {
    return c == ',' || c == END || isLineEnd(c);
  }

  private static boolean isLineEnd(int c) {
    return c == '\n' || c == '\r';
  }

  private int peek() throws IOException {
    if (ahead == NOTHING_AHEAD) {
      ahead = read();
    }
    return ahead;
  }

  /** Takes one character; CRLF counts as one line. */
  private int take() throws IOException {
    int c = peek();
    ahead = NOTHING_AHEAD;
    if (c == '\n' || (c == '\r' && peek() != '\n')) {
      line++;
    }
    return c;
  }

  private int read() throws IOException {
    if (at == limit) {
      limit = source.read(buffer);
      at = 0;
      if (limit <= 0) {
        limit = 0;
        return END;
      }
    }
    return buffer[at++];
  }

  @Override
  public void close() throws IOException {
    source.close();
  }
}
