package dev.weir.metering.archive;

import java.net.URI;
import java.util.Optional;

/**
 * How to reach a bucket.
 *
 * @param endpoint the server; empty for Amazon's in the region
 * @param prefix what every name begins with; empty, or ends with a slash
 * @param pathStyle whether the bucket goes into the path rather than the host name
 * @param credentials empty to look for them where Amazon's tools do
 * @param partBytes files longer than this are sent in parts of this size; at least 5 MiB
 */
public record S3Options(
    Optional<URI> endpoint,
    String region,
    String bucket,
    String prefix,
    boolean pathStyle,
    Optional<S3Credentials> credentials,
    int partBytes) {

  /** A size of parts that keeps the largest object at 625 GiB, as S3 takes 10,000 parts. */
  public static final int PART_BYTES = 64 << 20;

  private static final int PART_BYTES_MIN = 5 << 20;

  public S3Options {
    if (partBytes < PART_BYTES_MIN) {
      throw new IllegalArgumentException("S3 takes parts of 5 MiB at least");
    }
    if (!prefix.isEmpty() && !prefix.endsWith("/")) {
      throw new IllegalArgumentException("a prefix ends with a slash");
    }
  }

  /** Who we are to the storage; never printed. */
  public record S3Credentials(String accessKey, String secretKey) {
    @Override
    public String toString() {
      return "S3Credentials[hidden]";
    }
  }
}
