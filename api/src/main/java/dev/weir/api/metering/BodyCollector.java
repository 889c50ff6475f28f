package dev.weir.api.metering;

import dev.weir.api.http.ApiError;
import dev.weir.metering.Refusal;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;

/** Reads a request's body up to a bound. Runs on the request's event loop. */
final class BodyCollector {

  private static final int INITIAL_BYTES_MAX = 256 * 1024;

  private BodyCollector() {}

  /** The whole body; fails with BODY_TOO_LARGE as soon as it grows beyond the bound. */
  static Future<Buffer> collect(HttpServerRequest request, int bytesMax) {
    String length = request.getHeader("Content-Length");
    if (length != null && length.matches("[0-9]{1,18}") && Long.parseLong(length) > bytesMax) {
      // The rest is read and dropped, within the server's deadline, so that the answer arrives.
      request.resume();
      return Future.failedFuture(tooLarge(bytesMax));
    }
    Promise<Buffer> promise = Promise.promise();
    // A header alone must not cost megabytes.
    Buffer body = Buffer.buffer(length == null ? 1_024 : initialBytes(length));
    request.handler(chunk -> {
      if (body.length() + chunk.length() > bytesMax) {
        promise.tryFail(tooLarge(bytesMax));
      } else if (!promise.future().isComplete()) {
        body.appendBuffer(chunk);
      }
    });
    request.endHandler(end -> promise.tryComplete(body));
    request.exceptionHandler(promise::tryFail);
    request.resume();
    return promise.future();
  }

  private static int initialBytes(String length) {
    return length.matches("[0-9]{1,9}")
        ? Math.min(Integer.parseInt(length), INITIAL_BYTES_MAX)
        : INITIAL_BYTES_MAX;
  }

  static Refusal tooLarge(int bytesMax) {
    return new Refusal(
        ApiError.BODY_TOO_LARGE,
        "A request carries at most %d bytes, also after decompression; split it."
            .formatted(bytesMax));
  }
}
