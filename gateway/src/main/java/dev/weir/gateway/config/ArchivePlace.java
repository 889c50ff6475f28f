package dev.weir.gateway.config;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where an archive is: a directory, or a bucket.
 *
 * @param directory absolute; empty for a bucket
 * @param bucket empty for a directory
 * @param prefix what names in the bucket begin with: empty, or ending with a slash
 */
public record ArchivePlace(Optional<Path> directory, String bucket, String prefix) {

  static final String FORM = "a path of a directory, or s3://BUCKET or s3://BUCKET/PREFIX";

  private static final String SCHEME = "s3://";
  private static final Pattern BUCKET =
      Pattern.compile("s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(/[A-Za-z0-9._/-]{0,200})?");
  private static final Pattern ENDPOINT =
      Pattern.compile("https?://[A-Za-z0-9.-]{1,253}(:[0-9]{1,5})?/?");

  static ArchivePlace parse(String text) {
    if (!text.startsWith(SCHEME)) {
      if (text.contains("://")) {
        throw new IllegalArgumentException();
      }
      return new ArchivePlace(Optional.of(Path.of(text).toAbsolutePath().normalize()), "", "");
    }
    Matcher bucket = BUCKET.matcher(text);
    if (!bucket.matches() || text.indexOf("//", SCHEME.length()) >= 0 || text.contains("..")) {
      throw new IllegalArgumentException();
    }
    String path = bucket.group(2) == null ? "" : bucket.group(2).substring(1);
    String prefix = path.isEmpty() || path.endsWith("/") ? path : path + "/";
    return new ArchivePlace(Optional.empty(), bucket.group(1), prefix);
  }

  static URI endpoint(String text) {
    if (!ENDPOINT.matcher(text).matches()) {
      throw new IllegalArgumentException();
    }
    return URI.create(text);
  }
}
