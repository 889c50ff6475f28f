package dev.weir.gateway.e2e;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what must come true. */
final class Await {

  private static final long LOOK_AGAIN_NANOS = 10_000_000;

  private Await() {}

  /** Looks until it is true; fails when it is not within this time. */
  static void until(String what, Duration timeout, BooleanSupplier condition) {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("not within %s: %s".formatted(timeout, what));
      }
      LockSupport.parkNanos(LOOK_AGAIN_NANOS);
    }
  }
}
