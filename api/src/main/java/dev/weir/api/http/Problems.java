package dev.weir.api.http;

import dev.weir.metering.ErrorCode;
import dev.weir.metering.Refusal;
import dev.weir.metering.json.Json;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import io.vertx.pgclient.PgException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one place that turns failures into problems (RFC 9457) that also carry the envelope's error.
 * Refusals show their code and text; anything else is logged and shown as an internal error without
 * details. Thread-safe.
 */
public final class Problems {

  public static final String MEDIA_TYPE = "application/problem+json";

  private static final Logger LOG = LoggerFactory.getLogger(Problems.class);
  private static final String RETRY_AFTER_SECONDS = "1";

  private final InstantSource clock;

  public Problems(InstantSource clock) {
    this.clock = clock;
  }

  /** A failure handler for the router. */
  public void handle(RoutingContext context) {
    Throwable failure = context.failure();
    Refusal refusal =
        failure == null ? fromStatus(context.statusCode()) : fromFailure(context, failure);
    send(context, refusal);
  }

  /** Answers with a refusal. */
  public void send(RoutingContext context, Refusal refusal) {
    if (context.response().ended() || context.response().headWritten()) {
      return;
    }
    Future<Void> unused = send(context.response(), refusal);
  }

  /** Answers with a refusal where there is no route yet; completes when it is written. */
  public Future<Void> send(HttpServerResponse response, Refusal refusal) {
    int status = status(refusal.code().category());
    if (status == 429 || status == 503) {
      response.putHeader("Retry-After", RETRY_AFTER_SECONDS);
    }
    if (status == 401) {
      response.putHeader("WWW-Authenticate", "Bearer");
    }
    return response
        .setStatusCode(status)
        .putHeader("Content-Type", MEDIA_TYPE)
        .end(Buffer.buffer(Json.bytes(members(refusal, clock.instant()))));
  }

  /** The members of a problem, for an answer that has more to say beside them. */
  public static Map<String, Object> members(Refusal refusal, Instant now) {
    int status = status(refusal.code().category());
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("type", "urn:weir:problem:" + slug(refusal.code()));
    body.put("title", title(refusal.code()));
    body.put("status", status);
    body.put("detail", refusal.text());
    body.put("success", false);
    body.put("error", error(refusal.code().name(), refusal.text(), refusal.field()));
    body.put("timestamp", now);
    return body;
  }

  private static Map<String, Object> error(String code, String message, @Nullable String field) {
    Map<String, Object> error = new LinkedHashMap<>();
    error.put("code", code);
    error.put("message", message);
    if (field != null) {
      error.put("field", field);
    }
    return error;
  }

  private static String slug(ErrorCode code) {
    return code.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static String title(ErrorCode code) {
    String words = code.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    return words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
  }

  private static Refusal fromStatus(int status) {
    return switch (status) {
      case 400 ->
        new Refusal(
            ApiError.REQUEST_MALFORMED,
            "The request is malformed; check its Host header, its path and its body.");
      case 404 -> new Refusal(ApiError.ROUTE_NOT_FOUND, "There is nothing at this path.");
      case 405 -> new Refusal(ApiError.METHOD_NOT_ALLOWED, "This path does not offer that method.");
      case 413 -> new Refusal(ApiError.BODY_TOO_LARGE, "The body is larger than allowed.");
      case 415 -> new Refusal(ApiError.CONTENT_TYPE_UNSUPPORTED, "Send application/json.");
      case 503 -> new Refusal(ApiError.REQUEST_TIMEOUT, "The request took too long; try again.");
      default -> new Refusal(ApiError.INTERNAL_ERROR, "Something failed on our side.");
    };
  }

  private static Refusal fromFailure(RoutingContext context, Throwable failure) {
    if (failure instanceof Refusal refusal) {
      return refusal;
    }
    if (context.statusCode() > 0 && context.statusCode() < 500) {
      return fromStatus(context.statusCode());
    }
    if (failure instanceof HttpClosedException && context.response().closed()) {
      // Nobody is left to read an answer.
      return fromStatus(400);
    }
    if (failure instanceof PgException pg && "57014".equals(pg.getSqlState())) {
      return new Refusal(
          ApiError.QUERY_TOO_SLOW,
          "The database took too long for this; ask for a shorter range or fewer groups.");
    }
    if (isDatabaseAway(failure)) {
      LOG.warn("database unavailable for {}: {}", context.normalizedPath(), failure.toString());
      return new Refusal(
          ApiError.DATABASE_UNAVAILABLE, "The database does not answer; try again shortly.");
    }
    LOG.error("{} {} failed", context.request().method(), context.normalizedPath(), failure);
    return new Refusal(ApiError.INTERNAL_ERROR, "Something failed on our side; it is logged.");
  }

  /** Whether a failure means that the database cannot be reached, not that a statement is wrong. */
  public static boolean isDatabaseAway(Throwable failure) {
    if (failure instanceof PgException pg) {
      String state = pg.getSqlState();
      return state.startsWith("57P") || state.startsWith("08") || state.startsWith("53");
    }
    return failure instanceof java.io.IOException
        || failure instanceof io.vertx.core.VertxException
        || failure instanceof java.util.concurrent.TimeoutException;
  }

  /** The HTTP status of a category. */
  public static int status(ErrorCode.Category category) {
    return switch (category) {
      case INVALID -> 400;
      case UNAUTHENTICATED -> 401;
      case FORBIDDEN -> 403;
      case NOT_FOUND -> 404;
      case METHOD_NOT_ALLOWED -> 405;
      case CONFLICT -> 409;
      case PRECONDITION -> 412;
      case TOO_LARGE -> 413;
      case URI_TOO_LONG -> 414;
      case UNSUPPORTED_MEDIA_TYPE -> 415;
      case UNPROCESSABLE -> 422;
      case TOO_MANY -> 429;
      case HEADERS_TOO_LARGE -> 431;
      case UNAVAILABLE -> 503;
      case INTERNAL -> 500;
    };
  }
}
