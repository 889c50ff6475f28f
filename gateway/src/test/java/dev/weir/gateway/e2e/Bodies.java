package dev.weir.gateway.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.metering.json.Json;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.function.Supplier;
import java.util.zip.GZIPOutputStream;

/** Bodies of requests, good and bad. */
final class Bodies {

  private Bodies() {}

  /** A JSON object with one field replaced or added; the value is JSON. */
  static String with(String object, String field, String value) {
    ObjectNode changed = (ObjectNode) Json.parseOwn(object);
    JsonNode replacement = Json.parseOwn(value);
    changed.set(field, replacement);
    return Json.text(changed);
  }

  /** A body without a length, sent in chunks. */
  static Supplier<BodyPublisher> chunked(byte[] body) {
    return () -> BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body));
  }

  static byte[] gzip(byte[] plain) {
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(compressed)) {
      out.write(plain);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return compressed.toByteArray();
  }
}
