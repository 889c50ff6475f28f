package dev.weir.gateway.imports.reading;

import dev.weir.gateway.client.ByteWriter;
import dev.weir.gateway.rows.ByteSource;
import dev.weir.gateway.rows.UnusableRow;
import java.io.Closeable;
import java.io.IOException;

/** The rows of a file, one after the other. One thread at a time. */
public interface Rows extends Closeable {

  /** Goes to the next row; false when there is none. */
  boolean next() throws IOException;

  /** The line that the row begins on, from 1. */
  long line();

  /**
   * Adds the row's event to a body, on one line.
   *
   * @param number of the row, from 1; ids that the file does not have are made from it
   * @throws UnusableRow when it cannot be one; what was added until then must be forgotten
   */
  void write(long number, ByteWriter out) throws UnusableRow, IOException;

  /** Keeps the row as it is in the file, and knows where the next one begins. */
  ByteSource source();

  @Override
  default void close() throws IOException {
    source().close();
  }
}
