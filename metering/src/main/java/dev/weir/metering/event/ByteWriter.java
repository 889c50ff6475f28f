package dev.weir.metering.event;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** A growing little-endian byte buffer. Confined to one thread. */
public final class ByteWriter {

  private static final VarHandle SHORTS =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private byte[] bytes;
  private int size;

  public ByteWriter(int capacity) {
    bytes = new byte[capacity];
  }

  /** The backing array; valid until the next write. */
  public byte[] array() {
    return bytes;
  }

  public int size() {
    return size;
  }

  /** Forgets everything from a position on. */
  public void truncate(int newSize) {
    size = newSize;
  }

  private int reserve(int count) {
    int at = size;
    int needed = Math.addExact(at, count);
    if (needed > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(needed, (int) Math.min(bytes.length * 2L, 1 << 30)));
    }
    size = needed;
    return at;
  }

  public void putByte(int value) {
    int at = reserve(1);
    bytes[at] = (byte) value;
  }

  public void putShort(int value) {
    int at = reserve(2);
    SHORTS.set(bytes, at, (short) value);
  }

  public void putInt(int value) {
    int at = reserve(4);
    INTS.set(bytes, at, value);
  }

  public void putLong(long value) {
    int at = reserve(8);
    LONGS.set(bytes, at, value);
  }

  public void setInt(int at, int value) {
    INTS.set(bytes, at, value);
  }

  /** A number of 16 bits that was written, from 0. */
  int shortAt(int at) {
    return Short.toUnsignedInt((short) SHORTS.get(bytes, at));
  }

  public void putBytes(byte[] source, int from, int length) {
    int at = reserve(length);
    System.arraycopy(source, from, bytes, at, length);
  }

  /**
   * Writes a 16-bit length and the text in UTF-8.
   *
   * @return the length in bytes, or -1 (and nothing written) when the text is longer than the bound,
   *     has a NUL, or has half of a surrogate pair
   */
  public int putText(String text, int bytesMax) {
    int start = size;
    putShort(0);
    int length = putUtf8(text, bytesMax);
    if (length < 0) {
      size = start;
      return -1;
    }
    SHORTS.set(bytes, start, (short) length);
    return length;
  }

  private int putUtf8(String text, int bytesMax) {
    int chars = text.length();
    if (chars > bytesMax) {
      return -1;
    }
    int at = reserve(chars * 3);
    int start = at;
    for (int i = 0; i < chars; i++) {
      char c = text.charAt(i);
      if (c == 0) {
        return -1;
      } else if (c < 0x80) {
        bytes[at++] = (byte) c;
      } else if (c < 0x800) {
        bytes[at++] = (byte) (0xc0 | (c >> 6));
        bytes[at++] = (byte) (0x80 | (c & 0x3f));
      } else if (!Character.isSurrogate(c)) {
        bytes[at++] = (byte) (0xe0 | (c >> 12));
        bytes[at++] = (byte) (0x80 | ((c >> 6) & 0x3f));
        bytes[at++] = (byte) (0x80 | (c & 0x3f));
      } else {
        boolean pair = Character.isHighSurrogate(c)
            && i + 1 < chars
            && Character.isLowSurrogate(text.charAt(i + 1));
        if (!pair) {
          return -1;
        }
        int point = Character.toCodePoint(c, text.charAt(++i));
        bytes[at++] = (byte) (0xf0 | (point >> 18));
        bytes[at++] = (byte) (0x80 | ((point >> 12) & 0x3f));
        bytes[at++] = (byte) (0x80 | ((point >> 6) & 0x3f));
        bytes[at++] = (byte) (0x80 | (point & 0x3f));
      }
    }
    size = at;
    return at - start > bytesMax ? -1 : at - start;
  }
}
