package dev.weir.metering.archive;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Reads a stretch of a file as a stream; that the file ends before is an error, not an end. */
final class FileSection extends InputStream {

  private final Path file;
  private final FileChannel channel;
  private long remaining;

  FileSection(Path file, long from, long length) throws IOException {
    this.file = file;
    this.channel = FileChannel.open(file, StandardOpenOption.READ);
    this.channel.position(from);
    this.remaining = length;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int from, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (remaining == 0) {
      return -1;
    }
    int count = channel.read(ByteBuffer.wrap(target, from, (int) Math.min(length, remaining)));
    if (count < 0) {
      throw new EOFException("%s: ends %d bytes too early".formatted(file, remaining));
    }
    remaining -= count;
    return count;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
