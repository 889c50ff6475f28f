package dev.weir.api.ingest;

import dev.weir.metering.MeteringError;
import dev.weir.metering.Refusal;
import dev.weir.metering.event.BinaryAttributes;
import io.vertx.core.MultiMap;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Attributes of an event that travel as {@code ce-} headers (CloudEvents HTTP protocol binding 1.0.2,
 * section 3.1.3). A value in double quotes is taken out of them first, then percent-encoded bytes are
 * decoded once, as UTF-8.
 */
final class BinaryHeaders {

  private static final String PREFIX = "ce-";

  private BinaryHeaders() {}

  /** The attributes in the order of their headers, names in lower case; empty when there are none. */
  static BinaryAttributes attributes(MultiMap headers) {
    List<BinaryAttributes.Attribute> all = new ArrayList<>(0);
    for (Map.Entry<String, String> header : headers) {
      String key = header.getKey();
      if (key.regionMatches(true, 0, PREFIX, 0, PREFIX.length())) {
        String name = key.substring(PREFIX.length()).toLowerCase(Locale.ROOT);
        all.add(new BinaryAttributes.Attribute(name, decode(PREFIX + name, header.getValue())));
      }
    }
    return new BinaryAttributes(PREFIX, all);
  }

  private static String decode(String header, String value) {
    String text = value.strip();
    boolean quoted = text.length() >= 2 && text.startsWith("\"") && text.endsWith("\"");
    return percentDecoded(header, quoted ? unquoted(text) : text);
  }

  /** The content of a quoted-string (RFC 9110, section 5.6.4): a backslash is left out, once. */
  private static String unquoted(String text) {
    StringBuilder content = new StringBuilder(text.length());
    for (int i = 1; i < text.length() - 1; i++) {
      if (text.charAt(i) == '\\' && i + 1 < text.length() - 1) {
        i++;
      }
      content.append(text.charAt(i));
    }
    return content.toString();
  }

  private static String percentDecoded(String header, String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' || c > '~') {
        throw malformed(header, "holds characters that must be percent-encoded as UTF-8");
      }
      if (c == '%') {
        if (i + 2 >= text.length()
            || !HexFormat.isHexDigit(text.charAt(i + 1))
            || !HexFormat.isHexDigit(text.charAt(i + 2))) {
          throw malformed(
              header, "holds a percent sign that begins no encoded byte; send it as %25");
        }
        bytes.write(HexFormat.fromHexDigits(text, i + 1, i + 3));
        i += 2;
      } else {
        bytes.write(c);
      }
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes.toByteArray()))
          .toString();
    } catch (CharacterCodingException e) {
      throw malformed(header, "is not UTF-8 once its percent-encoding is undone");
    }
  }

  private static Refusal malformed(String header, String fault) {
    return new Refusal(
        MeteringError.EVENT_FIELD_INVALID, header, "The header '%s' %s.".formatted(header, fault));
  }
}
