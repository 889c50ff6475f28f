package dev.weir.metering.aggregate;

import io.vertx.core.Promise;
import io.vertx.core.internal.ContextInternal;

/** Keeps the aggregator's thread out of other people's work. */
final class Contexts {

  private Contexts() {}

  /** A promise whose future completes on the caller's Vert.x context, if it is on one. */
  static <T> Promise<T> promise() {
    ContextInternal context = ContextInternal.current();
    return context == null ? Promise.promise() : context.promise();
  }
}
