package dev.weir.api.ingest;

import dev.weir.api.http.ApiError;
import dev.weir.metering.Refusal;
import io.vertx.core.MultiMap;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** How a body is compressed: with gzip, once, or not at all. */
final class ContentEncoding {

  private ContentEncoding() {}

  static boolean isGzip(MultiMap headers) {
    if (!headers.contains("Content-Encoding")) {
      return false;
    }
    List<String> codings = headers.getAll("Content-Encoding").stream()
        .flatMap(value -> Stream.of(value.split(",", -1)))
        .map(coding -> coding.strip().toLowerCase(Locale.ROOT))
        .filter(coding -> !coding.isEmpty() && !coding.equals("identity"))
        .toList();
    if (codings.isEmpty()) {
      return false;
    }
    // x-gzip is the old name of the same thing (RFC 9110, section 8.4.1.3).
    if (codings.equals(List.of("gzip")) || codings.equals(List.of("x-gzip"))) {
      return true;
    }
    throw new Refusal(
        ApiError.CONTENT_ENCODING_UNSUPPORTED,
        "Content-Encoding",
        "Only gzip, once, or no encoding at all is understood; compress the body with gzip or send it"
            + " plain.");
  }
}
