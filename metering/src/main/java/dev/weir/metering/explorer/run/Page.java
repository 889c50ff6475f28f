package dev.weir.metering.explorer.run;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.CRC32C;

/** Some entries in ascending order. Immutable. */
public final class Page {

  public static final Page EMPTY = new Page(new long[0], new long[0], new long[0], new int[0]);

  private final long[] a;
  private final long[] b;
  private final long[] c;
  private final int[] tags;
  private final long[] offsets;

  private Page(long[] a, long[] b, long[] c, int[] tags) {
    this(a, b, c, tags, new long[0]);
  }

  private Page(long[] a, long[] b, long[] c, int[] tags, long[] offsets) {
    this.a = a;
    this.b = b;
    this.c = c;
    this.tags = tags;
    this.offsets = offsets;
  }

  /** The arrays belong to the page from now on and must be sorted and of one length. */
  public static Page of(long[] a, long[] b, long[] c, int[] tags) {
    return new Page(a, b, c, tags);
  }

  /**
   * Reads a page; throws {@link IllegalArgumentException} with what is wrong with it.
   *
   * @param height which the page must have above the leaves
   */
  static Page read(byte[] bytes, int length, int height) {
    int end = length - PageWriter.TRAILER_BYTES;
    if (end < PageWriter.HEAD_BYTES) {
      throw new IllegalArgumentException("shorter than a page");
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, length).order(ByteOrder.LITTLE_ENDIAN);
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, end);
    if ((int) crc.getValue() != buffer.getInt(end)) {
      throw new IllegalArgumentException("checksum mismatch");
    }
    int count = buffer.getInt(1);
    if (bytes[0] != height || count < 1 || count > end) {
      throw new IllegalArgumentException("another page than expected");
    }
    return new Decoder(bytes, end).page(count, height);
  }

  /** Reads the numbers of a page. */
  private static final class Decoder {
    private final byte[] bytes;
    private final int end;
    private int at = PageWriter.HEAD_BYTES;

    Decoder(byte[] bytes, int end) {
      this.bytes = bytes;
      this.end = end;
    }

    Page page(int count, int height) {
      Page page = new Page(
          new long[count],
          new long[count],
          new long[count],
          new int[count],
          new long[height == 0 ? 0 : count]);
      long lastA = 0;
      long lastB = 0;
      long lastC = 0;
      long lastOffset = 0;
      for (int i = 0; i < count; i++) {
        lastA += number();
        lastB += signed();
        lastC += signed();
        page.a[i] = lastA;
        page.b[i] = lastB;
        page.c[i] = lastC;
        page.tags[i] = (int) number();
        if (height > 0) {
          lastOffset += signed();
          page.offsets[i] = lastOffset;
        }
      }
      if (at != end) {
        throw new IllegalArgumentException("bytes left over");
      }
      return page;
    }

    private long signed() {
      long value = number();
      return (value >>> 1) ^ -(value & 1);
    }

    private long number() {
      long value = 0;
      for (int shift = 0; shift < 64 && at < end; shift += 7) {
        byte next = bytes[at++];
        value |= (next & 0x7fL) << shift;
        if (next >= 0) {
          return value;
        }
      }
      throw new IllegalArgumentException("a number without end");
    }
  }

  public int size() {
    return a.length;
  }

  public boolean isEmpty() {
    return a.length == 0;
  }

  public long a(int i) {
    return a[i];
  }

  public long b(int i) {
    return b[i];
  }

  public long c(int i) {
    return c[i];
  }

  public int tag(int i) {
    return tags[i];
  }

  long offset(int i) {
    return offsets[i];
  }

  public Key key(int i) {
    return new Key(a[i], b[i], c[i]);
  }

  /** Whether the key lies between the first entry and the last, so that no other page is nearer. */
  boolean holds(Key key) {
    return a.length > 0 && key(0).compareTo(key) <= 0 && key.compareTo(key(a.length - 1)) <= 0;
  }

  /** The last entry that is not above the key; -1 when all are. */
  public int lastAtMost(Key key) {
    return countBelow(key, 1) - 1;
  }

  /** How many entries compare with the key as less than a bound: 0 for below, 1 for not above. */
  private int countBelow(Key key, int bound) {
    int low = 0;
    int high = a.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (Key.compare(a[middle], b[middle], c[middle], key.a(), key.b(), key.c()) < bound) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** The entries between two keys, both included. */
  Page between(Key low, Key high) {
    int to = countBelow(high, 1);
    int from = countBelow(low, 0);
    if (from >= to) {
      return EMPTY;
    }
    if (from == 0 && to == a.length) {
      return this;
    }
    return new Page(
        Arrays.copyOfRange(a, from, to),
        Arrays.copyOfRange(b, from, to),
        Arrays.copyOfRange(c, from, to),
        Arrays.copyOfRange(tags, from, to));
  }
}
