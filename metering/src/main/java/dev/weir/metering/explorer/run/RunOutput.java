package dev.weir.metering.explorer.run;

import dev.weir.metering.disk.BackgroundIo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** Writes a file from its beginning to its end, and to the disk in steps. Confined to one thread. */
final class RunOutput {

  private static final int BUFFER_BYTES = 256 * 1024;

  private final FileChannel channel;
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
  private final BackgroundIo steps;
  private long written;

  RunOutput(Path file, FileChannel channel) {
    this.channel = channel;
    this.steps = new BackgroundIo(file, () -> channel.force(false));
  }

  /** Where the next byte will be. */
  long offset() {
    return written + buffer.position();
  }

  void write(byte[] bytes, int length) throws IOException {
    if (buffer.remaining() < length) {
      flush();
    }
    buffer.put(bytes, 0, length);
  }

  void flush() throws IOException {
    long before = written;
    buffer.flip();
    while (buffer.hasRemaining()) {
      written += channel.write(buffer, written);
    }
    buffer.clear();
    steps.wrote(written - before);
  }
}
