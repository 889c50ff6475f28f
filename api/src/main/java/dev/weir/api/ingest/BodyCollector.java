package dev.weir.api.ingest;

import dev.weir.api.http.ApiError;
import dev.weir.metering.Refusal;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.Arrays;

/** Reads a request's body up to a bound. Runs on the request's event loop. */
final class BodyCollector {

  /** What is made at once for a body: a sender that announces much need not send it. */
  private static final int INITIAL_BYTES_MAX = 64 * 1024;

  private static final int INITIAL_BYTES = 4 * 1024;
  private static final int UNKNOWN = -1;

  private final int bytesMax;
  private final BodyBudget budget;
  private final int announced;
  private final Promise<byte[]> promise = Promise.promise();
  private byte[] body;
  private int size;

  private BodyCollector(int announced, int bytesMax, BodyBudget budget) {
    this.announced = announced;
    this.bytesMax = bytesMax;
    this.budget = budget;
    this.body = new byte[announced < 0 ? INITIAL_BYTES : Math.min(announced, INITIAL_BYTES_MAX)];
  }

  /**
   * The whole body; fails with BODY_TOO_LARGE as soon as it grows beyond the bound, and with
   * INGEST_OVERLOADED when the budget of all bodies is used up.
   */
  static Future<byte[]> collect(RoutingContext context, int bytesMax, BodyBudget budget) {
    HttpServerRequest request = context.request();
    String header = request.getHeader("Content-Length");
    long length =
        header != null && header.matches("[0-9]{1,18}") ? Long.parseLong(header) : UNKNOWN;
    if (length > bytesMax) {
      // The rest is read and dropped, within the server's deadline, so that the answer arrives.
      request.resume();
      return Future.failedFuture(tooLarge(bytesMax));
    }
    return new BodyCollector((int) length, bytesMax, budget).collect(context);
  }

  private Future<byte[]> collect(RoutingContext context) {
    HttpServerRequest request = context.request();
    request.handler(this::take);
    request.endHandler(
        end -> promise.tryComplete(size == body.length ? body : Arrays.copyOf(body, size)));
    request.exceptionHandler(promise::tryFail);
    // A stream of HTTP/2 that we reset ends only its response.
    context.addEndHandler(ended -> promise.tryFail(new HttpClosedException("Stream was reset")));
    request.resume();
    // What was taken is in the array, however it ended.
    return promise.future().onComplete(done -> budget.giveBack(size));
  }

  private void take(Buffer chunk) {
    if (promise.future().isComplete()) {
      return;
    }
    int needed = size + chunk.length();
    if (needed > bytesMax) {
      promise.fail(tooLarge(bytesMax));
    } else if (!budget.take(chunk.length())) {
      promise.fail(BodyBudget.exhausted());
    } else {
      if (needed > body.length) {
        body = Arrays.copyOf(body, grown(needed));
      }
      chunk.getBytes(body, size);
      size = needed;
    }
  }

  /** Four times as much each time, and what was announced rather than more. */
  private int grown(int needed) {
    long more = Math.min(4L * body.length, bytesMax);
    return Math.max(needed, (int) (announced > needed ? Math.min(announced, more) : more));
  }

  static Refusal tooLarge(int bytesMax) {
    return new Refusal(
        ApiError.BODY_TOO_LARGE,
        "A request carries at most %d bytes, also after decompression; split it."
            .formatted(bytesMax));
  }
}
