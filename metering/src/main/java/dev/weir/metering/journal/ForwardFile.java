package dev.weir.metering.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Reads a file once, forwards, through a window, and computes checksums of what has been passed. Beyond
 * the end of the file everything reads as zero, as in the blocks that are allocated ahead. Confined to
 * one thread.
 */
final class ForwardFile implements AutoCloseable {

  private static final int WINDOW_BYTES = 1 << 20;
  private static final byte[] ZEROS = new byte[WINDOW_BYTES];

  private final FileChannel channel;
  private final @Nullable MessageDigest digest;
  private final CRC32C crc = new CRC32C();

  private byte[] bytes = new byte[WINDOW_BYTES];
  private ByteBuffer view = view(bytes);
  private long start;
  private int filled;
  private long passed;
  private long knownSize;

  /** Takes a digest that shall be fed, too, or null. */
  ForwardFile(Path file, @Nullable MessageDigest digest) throws IOException {
    this.channel = FileChannel.open(file, StandardOpenOption.READ);
    this.digest = digest;
  }

  private static ByteBuffer view(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  long size() throws IOException {
    return channel.size();
  }

  /** Whether the file has all bytes before this offset. */
  boolean reaches(long end) throws IOException {
    if (end > knownSize) {
      knownSize = channel.size();
    }
    return end <= knownSize;
  }

  /** Four bytes, not before what was passed. */
  int intAt(long at) throws IOException {
    return view.getInt(reach(at, 4));
  }

  void copy(long at, int length, byte[] target) throws IOException {
    System.arraycopy(bytes, reach(at, length), target, 0, length);
  }

  /** Where in the window these bytes are; reads them if they are not there yet. */
  private int reach(long at, int length) throws IOException {
    if (at < start || at + length > start + filled) {
      fill(at, length);
    }
    return (int) (at - start);
  }

  private void fill(long at, int length) throws IOException {
    byte[] old = bytes;
    int from = (int) Math.max(0, Math.min(filled, at - start));
    int kept = at < start ? 0 : filled - from;
    if (bytes.length < length) {
      bytes = new byte[Integer.highestOneBit(length) << 1];
      view = view(bytes);
    }
    System.arraycopy(old, from, bytes, 0, kept);
    start = at;
    ByteBuffer free = ByteBuffer.wrap(bytes, kept, bytes.length - kept);
    while (free.hasRemaining()) {
      int count = channel.read(free, start + free.position());
      if (count < 0) {
        Arrays.fill(bytes, free.position(), bytes.length, (byte) 0);
        break;
      }
    }
    filled = bytes.length;
  }

  /** Goes on to an offset: what is before it counts for the checksums and is not asked for again. */
  void pass(long to) throws IOException {
    while (passed < to) {
      int length = (int) Math.min(to - passed, WINDOW_BYTES / 2);
      int from = reach(passed, length);
      crc.update(bytes, from, length);
      if (digest != null) {
        digest.update(bytes, from, length);
      }
      passed += length;
    }
  }

  /** Forgets what was read ahead, as another process may have written there meanwhile. */
  void refresh() {
    filled = 0;
  }

  /** The first offset from here on whose byte is not zero, or -1. */
  long firstNonZero(long from) throws IOException {
    byte[] window = new byte[WINDOW_BYTES];
    long at = from;
    while (true) {
      int count = channel.read(ByteBuffer.wrap(window), at);
      if (count < 0) {
        return -1;
      }
      int place = Arrays.mismatch(window, 0, count, ZEROS, 0, count);
      if (place >= 0) {
        return at + place;
      }
      at += count;
    }
  }

  /** Reads from anywhere, past the window; false when the file ends before. */
  boolean read(long at, ByteBuffer target) throws IOException {
    long from = at;
    while (target.hasRemaining()) {
      int count = channel.read(target, from);
      if (count < 0) {
        return false;
      }
      from += count;
    }
    target.flip();
    return true;
  }

  /** CRC32C of all that was passed. */
  int crc() {
    return (int) crc.getValue();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
