package dev.weir.gateway.client;

import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes JSON text straight into bytes. One thread at a time; reused between requests, so that in
 * steady state nothing is allocated per event.
 */
public final class ByteWriter {

  private static final int LONG_DIGITS_MAX = 20;

  private byte[] bytes;
  private int length;

  public ByteWriter(int capacityBytes) {
    bytes = new byte[capacityBytes];
  }

  public void clear() {
    length = 0;
  }

  public int length() {
    return length;
  }

  /** The backing array; only the first {@link #length()} bytes are written. */
  public byte[] array() {
    return bytes;
  }

  /** The bytes as a request body, not copied; they must stay until it is sent. */
  BodyPublisher publisher() {
    return BodyPublishers.ofByteArray(bytes, 0, length);
  }

  /** Forgets everything after the first {@code newLength} bytes. */
  public void truncate(int newLength) {
    length = Math.min(length, newLength);
  }

  public ByteWriter bytes(byte[] source) {
    return bytes(source, 0, source.length);
  }

  public ByteWriter bytes(byte[] source, int from, int count) {
    ensure(count);
    System.arraycopy(source, from, bytes, length, count);
    length += count;
    return this;
  }

  public ByteWriter ascii(char c) {
    ensure(1);
    bytes[length++] = (byte) c;
    return this;
  }

  public ByteWriter text(String text) {
    return bytes(text.getBytes(StandardCharsets.UTF_8));
  }

  /** A whole number, zero or more. */
  public ByteWriter number(long value) {
    int digits = digits(value);
    ensure(LONG_DIGITS_MAX);
    digits(value, digits);
    return this;
  }

  /** A whole number with leading zeros to exactly {@code width} digits. */
  public ByteWriter padded(long value, int width) {
    ensure(LONG_DIGITS_MAX);
    digits(value, width);
    return this;
  }

  /** {@code units / 10^scale} without trailing zeros: 125000 at scale 8 is {@code 0.00125}. */
  public ByteWriter decimal(long units, int scale) {
    long one = powerOfTen(scale);
    number(units / one);
    long fraction = units % one;
    if (fraction == 0) {
      return this;
    }
    int width = scale;
    while (fraction % 10 == 0) {
      fraction /= 10;
      width--;
    }
    ascii('.');
    return padded(fraction, width);
  }

  /** A JSON string with quotes and escapes. */
  public ByteWriter quoted(String text) {
    ascii('"');
    int plainFrom = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\' || c < ' ') {
        text(text.substring(plainFrom, i));
        escaped(c);
        plainFrom = i + 1;
      }
    }
    return text(text.substring(plainFrom)).ascii('"');
  }

  private void escaped(char c) {
    ascii('\\');
    if (c < ' ') {
      ascii('u').padded(0, 2).ascii(Character.forDigit(c >> 4, 16));
      ascii(Character.forDigit(c & 0xF, 16));
    } else {
      ascii(c);
    }
  }

  private void digits(long value, int width) {
    long rest = value;
    for (int at = length + width - 1; at >= length; at--) {
      bytes[at] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    length += width;
  }

  private static int digits(long value) {
    int digits = 1;
    for (long rest = value; rest >= 10; rest /= 10) {
      digits++;
    }
    return digits;
  }

  private static long powerOfTen(int exponent) {
    long power = 1;
    for (int i = 0; i < exponent; i++) {
      power *= 10;
    }
    return power;
  }

  private void ensure(int more) {
    if (length + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
    }
  }
}
