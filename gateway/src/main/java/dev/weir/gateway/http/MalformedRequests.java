package dev.weir.gateway.http;

import dev.weir.api.http.ApiError;
import dev.weir.api.http.Problems;
import dev.weir.metering.Refusal;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;

/**
 * Answers what the decoder could not read as HTTP with a problem like any other, then closes the
 * connection: where the next request would begin is unknown. Thread-safe.
 */
record MalformedRequests(RequestHead head, Problems problems)
    implements Handler<HttpServerRequest> {

  @Override
  public void handle(HttpServerRequest request) {
    head.write(request);
    request.response().putHeader("Connection", "close");
    Future<Void> unused = problems
        .send(request.response(), refusal(request.decoderResult().cause()))
        .eventually(() -> request.connection().close());
  }

  private static Refusal refusal(Throwable fault) {
    if (fault instanceof TooLongHttpLineException) {
      return new Refusal(
          ApiError.REQUEST_LINE_TOO_LONG,
          "The address of this request is too long; send long queries as POST with a body.");
    }
    if (fault instanceof TooLongHttpHeaderException) {
      return new Refusal(
          ApiError.HEADERS_TOO_LARGE,
          "The headers of this request are too large; send fewer or shorter ones.");
    }
    return new Refusal(
        ApiError.REQUEST_MALFORMED,
        "This cannot be read as one request in one way only; check its first line, its headers and how"
            + " its body ends.");
  }
}
