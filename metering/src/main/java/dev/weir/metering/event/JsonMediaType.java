package dev.weir.metering.event;

import java.util.Locale;

/** Which media types say that content is JSON: subtype {@code json}, or one that ends in {@code +json}. */
public final class JsonMediaType {

  private JsonMediaType() {}

  /** Whether a media type, with or without parameters, is JSON. */
  public static boolean matches(String mediaType) {
    if (mediaType.equals("application/json")) {
      return true;
    }
    String type = mediaType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    return type.endsWith("/json") || (type.endsWith("+json") && type.indexOf('/') > 0);
  }
}
