package dev.weir.invoicing.run;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Optional;
import java.util.function.Function;

/**
 * Asynchronous steps one after the other. Composing each step onto the one before would nest as deep
 * as the loop is long; here each step starts on a fresh stack, so ten years of daily boundaries fit.
 */
final class Loop {

  private Loop() {}

  /** Feeds each step's result to the next until one gives nothing; fails with the first failure. */
  static <S> Future<Void> from(S first, Function<S, Future<Optional<S>>> step) {
    Promise<Void> ended = Promise.promise();
    next(first, step, ended);
    return ended.future();
  }

  private static <S> void next(
      S state, Function<S, Future<Optional<S>>> step, Promise<Void> ended) {
    Future.succeededFuture(state).compose(step).onComplete(done -> {
      if (done.failed()) {
        ended.fail(done.cause());
      } else if (done.result().isEmpty()) {
        ended.complete();
      } else {
        next(done.result().get(), step, ended);
      }
    });
  }
}
