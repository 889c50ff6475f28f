package dev.weir.api.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.metering.json.Json;
import dev.weir.metering.json.JsonFields;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Writes answers in the envelope that clients rely on: {@code {"success":true,"data":…,"timestamp"}},
 * lists with {@code pagination}. Thread-safe.
 */
public final class Answers {

  private final InstantSource clock;

  public Answers(InstantSource clock) {
    this.clock = clock;
  }

  /** Runs a route's work and answers with its result; a failure goes to the problem handler. */
  public <T> void send(
      RoutingContext context, int status, Future<T> work, Function<T, Object> wire) {
    work.map(wire)
        .onSuccess(data -> write(context, status, envelope(data)))
        .onFailure(context::fail);
  }

  /** Answers with one page of a list. */
  public <T> void sendPage(
      RoutingContext context, Page page, Future<PageOf<T>> work, Function<T, Object> wire) {
    work.map(result -> {
          Map<String, Object> body = envelope(result.items().stream().map(wire).toList());
          Map<String, Object> pagination = new LinkedHashMap<>();
          pagination.put("page", page.number());
          pagination.put("limit", page.limit());
          pagination.put("total", result.total());
          pagination.put("totalPages", (result.total() + page.limit() - 1) / page.limit());
          body.put("pagination", pagination);
          return body;
        })
        .onSuccess(body -> write(context, 200, body))
        .onFailure(context::fail);
  }

  /** The items of a page and how many there are in all pages. */
  public record PageOf<T>(List<T> items, long total) {}

  private Map<String, Object> envelope(Object data) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("success", true);
    body.put("data", data);
    body.put("timestamp", clock.instant());
    return body;
  }

  /** Writes a plain JSON body, as the paths under /api/v1 do. */
  public static void write(RoutingContext context, int status, Object body) {
    context
        .response()
        .setStatusCode(status)
        .putHeader("Content-Type", "application/json")
        .end(Buffer.buffer(Json.bytes(body)));
  }

  /** The fields of the request's JSON object, or none of an empty body. */
  public static JsonFields bodyOrNone(RoutingContext context) {
    Buffer buffer = context.body().buffer();
    return buffer == null || buffer.length() == 0
        ? JsonFields.of(Json.MAPPER.createObjectNode())
        : body(context);
  }

  /** The fields of the request's JSON object. */
  public static JsonFields body(RoutingContext context) {
    Buffer buffer = context.body().buffer();
    JsonNode document = Json.parse(buffer == null ? new byte[0] : buffer.getBytes());
    return JsonFields.of(document);
  }
}
