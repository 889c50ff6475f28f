package dev.weir.metering.journal;

import java.io.IOException;
import java.nio.channels.FileChannel;

/** Makes the written bytes of a file durable; a seam so that tests can fail the n-th flush. */
@FunctionalInterface
public interface Flusher {

  /**
   * {@code fdatasync}: on Linux this writes the mapped pages of the file too, and reports an I/O error,
   * which Chronicle's own sync swallows.
   */
  Flusher FORCE = channel -> channel.force(false);

  void flush(FileChannel channel) throws IOException;
}
