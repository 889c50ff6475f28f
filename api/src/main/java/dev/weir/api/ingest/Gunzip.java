package dev.weir.api.ingest;

import dev.weir.api.http.ApiError;
import dev.weir.metering.Refusal;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Decompresses gzip (RFC 1952) up to a bound, so that a small body cannot become a large one. Reads the
 * format itself, as the JDK's stream takes a broken second member for the end: events would be lost
 * without a word.
 *
 * <p>Cost: memory for the bound at most twice, whatever the body; stops at the first byte beyond it.
 */
final class Gunzip {

  private static final int HEADER_BYTES = 10;
  private static final int TRAILER_BYTES = 8;
  private static final int FLAG_HEADER_CRC = 2;
  private static final int FLAG_EXTRA = 4;
  private static final int FLAG_NAME = 8;
  private static final int FLAG_COMMENT = 16;
  private static final int FLAGS_RESERVED = 0xe0;

  private final byte[] in;
  private final int bytesMax;
  private final CRC32 crc = new CRC32();
  private int at;
  private byte[] out;
  private int size;

  private Gunzip(byte[] in, int bytesMax) {
    this.in = in;
    this.bytesMax = bytesMax;
    // Events shrink about eightfold.
    this.out = new byte[(int) Math.min(bytesMax + 1L, Math.max(1_024, in.length * 8L))];
  }

  /**
   * All members, one after the other. Refuses with BODY_TOO_LARGE beyond the bound, with BODY_MALFORMED
   * what is no gzip from its first byte to its last.
   */
  static byte[] bounded(byte[] compressed, int bytesMax) {
    return new Gunzip(compressed, bytesMax).members();
  }

  private byte[] members() {
    Inflater inflater = new Inflater(true);
    try {
      do {
        header();
        member(inflater);
      } while (at < in.length);
    } catch (DataFormatException e) {
      throw malformed("its compressed data is damaged");
    } finally {
      inflater.end();
    }
    return size == out.length ? out : Arrays.copyOf(out, size);
  }

  private void header() {
    require(HEADER_BYTES);
    if ((in[at] & 0xff) != 0x1f || (in[at + 1] & 0xff) != 0x8b) {
      throw malformed(at == 0 ? "it does not begin like one" : "something else follows its end");
    }
    int flags = in[at + 3] & 0xff;
    if (in[at + 2] != 8 || (flags & FLAGS_RESERVED) != 0) {
      throw malformed("it uses a method or flags that gzip does not define");
    }
    at += HEADER_BYTES;
    if ((flags & FLAG_EXTRA) != 0) {
      require(2);
      skip(2 + ((in[at] & 0xff) | (in[at + 1] & 0xff) << 8));
    }
    if ((flags & FLAG_NAME) != 0) {
      skipText();
    }
    if ((flags & FLAG_COMMENT) != 0) {
      skipText();
    }
    if ((flags & FLAG_HEADER_CRC) != 0) {
      skip(2);
    }
  }

  private void skipText() {
    while (at < in.length && in[at] != 0) {
      at++;
    }
    skip(1);
  }

  private void skip(int bytes) {
    require(bytes);
    at += bytes;
  }

  private void require(int bytes) {
    if (in.length - at < bytes) {
      throw malformed("it is cut short");
    }
  }

  private void member(Inflater inflater) throws DataFormatException {
    int start = size;
    inflater.reset();
    inflater.setInput(in, at, in.length - at);
    while (!inflater.finished()) {
      int count = inflater.inflate(out, size, out.length - size);
      if (count == 0 && (inflater.needsInput() || inflater.needsDictionary())) {
        throw malformed("it is cut short");
      }
      size += count;
      if (size > bytesMax) {
        throw BodyCollector.tooLarge(bytesMax);
      }
      if (size == out.length) {
        out = Arrays.copyOf(out, (int) Math.min(bytesMax + 1L, size * 2L));
      }
    }
    at += (int) inflater.getBytesRead();
    require(TRAILER_BYTES);
    crc.reset();
    crc.update(out, start, size - start);
    if (littleEndian(at) != (int) crc.getValue() || littleEndian(at + 4) != size - start) {
      throw malformed("its checksum does not match");
    }
    at += TRAILER_BYTES;
  }

  private int littleEndian(int from) {
    return (in[from] & 0xff)
        | (in[from + 1] & 0xff) << 8
        | (in[from + 2] & 0xff) << 16
        | (in[from + 3] & 0xff) << 24;
  }

  private static Refusal malformed(String fault) {
    return new Refusal(
        ApiError.BODY_MALFORMED,
        "The body is not valid gzip: %s. Nothing of it was taken.".formatted(fault));
  }
}
