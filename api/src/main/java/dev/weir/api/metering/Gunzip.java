package dev.weir.api.metering;

import dev.weir.api.http.ApiError;
import dev.weir.metering.Refusal;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;

/** Decompresses up to a bound, so that a small body cannot become a large one. */
final class Gunzip {

  private Gunzip() {}

  /** Refuses with BODY_TOO_LARGE beyond the bound, with BODY_MALFORMED when it is no gzip. */
  static byte[] bounded(Buffer compressed, int bytesMax) {
    byte[] target = new byte[Math.min(bytesMax + 1, Math.max(1_024, compressed.length() * 8))];
    int size = 0;
    try (GZIPInputStream in =
        new GZIPInputStream(new ByteArrayInputStream(compressed.getBytes()), 16 * 1024)) {
      for (int read = in.read(target, size, target.length - size);
          read >= 0;
          read = in.read(target, size, target.length - size)) {
        size += read;
        if (size > bytesMax) {
          throw BodyCollector.tooLarge(bytesMax);
        }
        if (size == target.length) {
          target = Arrays.copyOf(target, Math.min(bytesMax + 1, size * 2));
        }
      }
    } catch (IOException e) {
      throw new Refusal(
          ApiError.BODY_MALFORMED,
          "The body is not valid gzip (%s); nothing of it was taken.".formatted(e.getMessage()));
    }
    return Arrays.copyOf(target, size);
  }
}
