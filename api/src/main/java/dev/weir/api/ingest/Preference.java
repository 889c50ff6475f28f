package dev.weir.api.ingest;

import io.vertx.core.MultiMap;

/** What a client would rather have (RFC 7240). */
final class Preference {

  private Preference() {}

  /** Whether the first {@code return} preference is {@code minimal}. */
  static boolean isMinimal(MultiMap headers) {
    for (String header : headers.getAll("Prefer")) {
      for (String preference : header.split(",", -1)) {
        String[] token = preference.split(";", 2)[0].split("=", 2);
        if (token[0].strip().equalsIgnoreCase("return")) {
          return token.length == 2 && token[1].strip().replace("\"", "").equals("minimal");
        }
      }
    }
    return false;
  }
}
