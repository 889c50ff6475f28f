package dev.weir.metering.explorer.run;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * Builds one page after the other. Little-endian:
 *
 * <pre>
 * 0   height above the leaves (1)
 * 1   entries (4)
 * 5   for each entry, as variable-length numbers of 7 bits a byte:
 *       a - a of the one before; zigzag(b - b before); zigzag(c - c before); tag;
 *       above the leaves, where the tag is the length of the page below: zigzag(offset - offset before)
 * end CRC32C of everything before it (4)
 * </pre>
 */
final class PageWriter {

  static final int HEAD_BYTES = 5;
  static final int TRAILER_BYTES = 4;

  /** A page is ended by the first entry that brings it to this. */
  private static final int FULL_BYTES = 8 * 1024 - 64;

  /** No page is larger: the last entry takes at most five numbers of ten bytes. */
  static final int PAGE_BYTES_MAX = FULL_BYTES + 50 + TRAILER_BYTES;

  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private final byte[] bytes = new byte[PAGE_BYTES_MAX];
  private final CRC32C crc = new CRC32C();
  private final int height;
  private int size;
  private int count;
  private long firstA;
  private long firstB;
  private long firstC;
  private long lastA;
  private long lastB;
  private long lastC;
  private long lastOffset;

  PageWriter(int height) {
    this.height = height;
    clear();
  }

  void clear() {
    bytes[0] = (byte) height;
    size = HEAD_BYTES;
    count = 0;
    lastA = 0;
    lastB = 0;
    lastC = 0;
    lastOffset = 0;
  }

  void add(long a, long b, long c, int tag) {
    if (count++ == 0) {
      firstA = a;
      firstB = b;
      firstC = c;
    }
    int at = number(size, a - lastA);
    at = number(at, zigzag(b - lastB));
    at = number(at, zigzag(c - lastC));
    size = number(at, tag);
    lastA = a;
    lastB = b;
    lastC = c;
  }

  void addPage(long a, long b, long c, int length, long offset) {
    add(a, b, c, length);
    size = number(size, zigzag(offset - lastOffset));
    lastOffset = offset;
  }

  private static long zigzag(long value) {
    return (value << 1) ^ (value >> 63);
  }

  /** Gives where the next number begins. */
  private int number(int from, long value) {
    int at = from;
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      bytes[at++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[at++] = (byte) rest;
    return at;
  }

  boolean isFull() {
    return size >= FULL_BYTES;
  }

  boolean isEmpty() {
    return count == 0;
  }

  long firstA() {
    return firstA;
  }

  long firstB() {
    return firstB;
  }

  long firstC() {
    return firstC;
  }

  /** Completes the page; read it from {@link #array} up to {@link #length}. */
  void end() {
    INTS.set(bytes, 1, count);
    crc.reset();
    crc.update(bytes, 0, size);
    INTS.set(bytes, size, (int) crc.getValue());
    size += TRAILER_BYTES;
  }

  byte[] array() {
    return bytes;
  }

  int length() {
    return size;
  }
}
