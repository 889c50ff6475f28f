package dev.weir.api.ingest;

import dev.weir.api.http.ApiError;
import dev.weir.metering.Refusal;
import dev.weir.metering.event.BinaryAttributes;
import dev.weir.metering.event.EventBody;
import dev.weir.metering.event.EventDecoder.Count;
import dev.weir.metering.event.JsonMediaType;
import io.vertx.core.MultiMap;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How a request carries its events, told by its headers before any of its body is read. As CloudEvents'
 * HTTP binding says, a type that begins with {@code application/cloudevents} announces structured mode,
 * and any other type together with {@code ce-} headers binary mode.
 */
interface EventForm {

  /** The event, or events, in a body that is complete and no longer compressed. */
  EventBody body(byte[] bytes);

  /** The form of a request; refuses with CONTENT_TYPE_UNSUPPORTED what is none of them. */
  static EventForm of(MultiMap headers) {
    String header = headers.get("Content-Type");
    String type = header == null ? "" : mediaType(header);
    if (type.startsWith("application/cloudevents")) {
      return structured(type);
    }
    BinaryAttributes attributes = BinaryHeaders.attributes(headers);
    if (!attributes.all().isEmpty()) {
      return binary(header, attributes);
    }
    return switch (type) {
      case "application/json" -> json(Count.ANY);
      case "application/x-ndjson", "application/ndjson" ->
        bytes -> (decoder, sender) -> decoder.decodeLines(bytes, sender);
      default -> throw unsupported();
    };
  }

  private static EventForm structured(String type) {
    return switch (type) {
      case "application/cloudevents+json" -> json(Count.ONE);
      case "application/cloudevents-batch+json" -> json(Count.ARRAY);
      default -> throw unsupported();
    };
  }

  private static EventForm json(Count count) {
    return bytes -> (decoder, sender) -> decoder.decodeJson(bytes, count, sender);
  }

  /** Without a type the body, if there is one, is taken for JSON: an event may have no data at all. */
  private static EventForm binary(@Nullable String contentType, BinaryAttributes attributes) {
    if (contentType != null && !JsonMediaType.matches(contentType)) {
      throw new Refusal(
          ApiError.CONTENT_TYPE_UNSUPPORTED,
          "Content-Type",
          "An event whose attributes are ce- headers carries its data as application/json; for several"
              + " events leave the ce- headers out.");
    }
    return bytes -> (decoder, sender) -> decoder.decodeBinary(attributes, bytes, sender);
  }

  /** The type in lower case without its parameters, of which only the charset means anything here. */
  private static String mediaType(String header) {
    String[] parts = header.split(";", -1);
    for (int i = 1; i < parts.length; i++) {
      String[] parameter = parts[i].split("=", 2);
      if (parameter.length == 2 && parameter[0].strip().equalsIgnoreCase("charset")) {
        requireUtf8(parameter[1].strip().replace("\"", "").toLowerCase(Locale.ROOT));
      }
    }
    return parts[0].strip().toLowerCase(Locale.ROOT);
  }

  private static void requireUtf8(String charset) {
    // ASCII is part of UTF-8.
    if (!charset.equals("utf-8") && !charset.equals("utf8") && !charset.equals("us-ascii")) {
      throw new Refusal(
          ApiError.CONTENT_TYPE_UNSUPPORTED,
          "Content-Type",
          "Events are read as UTF-8 only; send them so, with charset=utf-8 or without a charset.");
    }
  }

  private static Refusal unsupported() {
    return new Refusal(
        ApiError.CONTENT_TYPE_UNSUPPORTED,
        "Content-Type",
        "Send one event as application/cloudevents+json, an array as"
            + " application/cloudevents-batch+json, one or many as application/json, lines as"
            + " application/x-ndjson; or one event as ce- headers with its data as application/json.");
  }
}
