package dev.weir.metering.backfill;

import io.vertx.core.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits of the workers' own threads; never for event loops. */
final class Blocking {

  private static final long TIMEOUT_SECONDS = 60;

  private Blocking() {}

  /** The result; the failure is thrown, and none within a minute is one. */
  static <T> T await(Future<T> future) {
    try {
      return future.await(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new IllegalStateException("no answer within " + TIMEOUT_SECONDS + " s", e);
    }
  }
}
