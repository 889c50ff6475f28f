package dev.weir.metering.explorer.run;

import dev.weir.metering.disk.BackgroundIo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** Writes a file from its beginning to its end, and to the disk in steps. Confined to one thread. */
final class RunOutput {

  private final FileChannel channel;
  private final ByteBuffer buffer = ByteBuffer.allocate(BackgroundIo.BUFFER_BYTES);
  private final BackgroundIo steps;
  private long written;

  /**
   * @param steps of the file that the channel writes
   */
  RunOutput(FileChannel channel, BackgroundIo steps) {
    this.channel = channel;
    this.steps = steps;
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
