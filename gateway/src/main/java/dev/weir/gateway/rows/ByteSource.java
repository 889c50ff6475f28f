package dev.weir.gateway.rows;

import dev.weir.gateway.client.ByteWriter;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Reads bytes one by one, knows how many were taken and on which line that is, and keeps those of the
 * present row up to a bound. One thread at a time.
 */
public final class ByteSource implements Closeable {

  public static final int END = -1;

  /** What is kept of a row. */
  public static final int ROW_BYTES_MAX = 1 << 20;

  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

  private final InputStream stream;
  private final byte[] buffer = new byte[1 << 16];
  private final ByteWriter row = new ByteWriter(1_024);
  private long bufferOffset;
  private int at;
  private int limit;
  private long line;
  private boolean rowCut;

  /**
   * Takes over the stream, which need not be buffered.
   *
   * @param offset of the stream's first byte in the whole
   * @param line which that byte is on, from 1
   */
  public ByteSource(InputStream stream, long offset, long line) {
    this.stream = stream;
    this.bufferOffset = offset;
    this.line = line;
  }

  /** The next byte without taking it, or END. */
  public int peek() throws IOException {
    return at < limit || fill() ? buffer[at] & 0xFF : END;
  }

  /** Takes a byte into the row, or gives END; CRLF counts as one line. */
  public int take() throws IOException {
    int b = peek();
    if (b == END) {
      return END;
    }
    at++;
    keep(b);
    if (b == '\n' || (b == '\r' && peek() != '\n')) {
      line++;
    }
    return b;
  }

  private void keep(int b) {
    if (row.length() < ROW_BYTES_MAX) {
      row.ascii((char) b);
    } else {
      rowCut = true;
    }
  }

  private boolean fill() throws IOException {
    bufferOffset += limit;
    at = 0;
    limit = Math.max(0, stream.read(buffer));
    return limit > 0;
  }

  /** Skips a byte order mark of UTF-8, if there is one. Only before anything else is read. */
  public void skipByteOrderMark() throws IOException {
    while (limit - at < BYTE_ORDER_MARK.length) {
      int more = stream.read(buffer, limit, buffer.length - limit);
      if (more < 0) {
        return;
      }
      limit += more;
    }
    if (Arrays.equals(
        buffer, at, at + BYTE_ORDER_MARK.length, BYTE_ORDER_MARK, 0, BYTE_ORDER_MARK.length)) {
      at += BYTE_ORDER_MARK.length;
    }
  }

  /** From here on the bytes of a new row are kept. */
  public void startRow() {
    row.clear();
    rowCut = false;
  }

  /** The row so far, as far as it is kept; changes with the next byte. */
  public ByteWriter row() {
    return row;
  }

  /** Whether the row is longer than what is kept. */
  public boolean isRowCut() {
    return rowCut;
  }

  /** How many bytes come before the next one. */
  public long offset() {
    return bufferOffset + at;
  }

  /** The line of the next byte. */
  public long line() {
    return line;
  }

  @Override
  public void close() throws IOException {
    stream.close();
  }
}
