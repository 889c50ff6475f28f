package dev.weir.metering.journal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Brings to the disk what was written into a file that another thread flushes too, through a descriptor of
 * its own: Linux tells each open descriptor of a failed write once, so that on a common one this flush
 * could be told of what the other must hear before it acknowledges. Confined to one thread.
 */
final class SeparateFlush implements AutoCloseable {

  private @Nullable Path file;
  private @Nullable FileChannel channel;

  void flush(Path current) throws IOException {
    FileChannel open = channel;
    if (open == null || !current.equals(file)) {
      close();
      open = FileChannel.open(current, StandardOpenOption.WRITE);
      channel = open;
      file = current;
    }
    open.force(false);
  }

  @Override
  public void close() throws IOException {
    if (channel != null) {
      channel.close();
      channel = null;
    }
  }
}
