package dev.weir.metering.explorer.run;

import dev.weir.metering.journal.BackgroundIo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** Writes a file from its beginning to its end, and to the disk in steps. Confined to one thread. */
final class RunOutput {

  private static final int BUFFER_BYTES = 256 * 1024;

  private final FileChannel channel;
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
  private long written;
  private long forced;

  RunOutput(FileChannel channel) {
    this.channel = channel;
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
    buffer.flip();
    while (buffer.hasRemaining()) {
      written += channel.write(buffer, written);
    }
    buffer.clear();
    if (written - forced >= BackgroundIo.STEP_BYTES) {
      channel.force(false);
      forced = written;
    }
  }
}
