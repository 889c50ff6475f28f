package dev.weir.api.metering;

import dev.weir.api.http.ApiError;
import dev.weir.metering.Refusal;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;

/** Reads a request's body up to a bound. Runs on the request's event loop. */
final class BodyCollector {

  private static final int INITIAL_BYTES = 4 * 1024;

  private BodyCollector() {}

  /**
   * The whole body; fails with BODY_TOO_LARGE as soon as it grows beyond the bound, and with
   * INGEST_OVERLOADED when the budget of all bodies is used up.
   */
  static Future<Buffer> collect(HttpServerRequest request, int bytesMax, BodyBudget budget) {
    String length = request.getHeader("Content-Length");
    if (length != null && length.matches("[0-9]{1,18}") && Long.parseLong(length) > bytesMax) {
      // The rest is read and dropped, within the server's deadline, so that the answer arrives.
      request.resume();
      return Future.failedFuture(tooLarge(bytesMax));
    }
    Promise<Buffer> promise = Promise.promise();
    Buffer body = Buffer.buffer(INITIAL_BYTES);
    request.handler(chunk -> {
      if (promise.future().isComplete()) {
        return;
      }
      if (body.length() + chunk.length() > bytesMax) {
        promise.fail(tooLarge(bytesMax));
      } else if (!budget.take(chunk.length())) {
        promise.fail(BodyBudget.exhausted());
      } else {
        body.appendBuffer(chunk);
      }
    });
    request.endHandler(end -> promise.tryComplete(body));
    request.exceptionHandler(promise::tryFail);
    request.resume();
    // What was taken is in the buffer, however it ended.
    return promise.future().onComplete(done -> budget.giveBack(body.length()));
  }

  static Refusal tooLarge(int bytesMax) {
    return new Refusal(
        ApiError.BODY_TOO_LARGE,
        "A request carries at most %d bytes, also after decompression; split it."
            .formatted(bytesMax));
  }
}
