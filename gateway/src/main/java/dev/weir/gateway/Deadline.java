package dev.weir.gateway;

import java.time.Duration;

/**
 * By when something must have ended, whatever the clock on the wall does.
 *
 * @param atNanos in terms of {@link System#nanoTime}
 */
record Deadline(long atNanos) {

  static Deadline in(Duration patience) {
    return new Deadline(System.nanoTime() + patience.toNanos());
  }

  /** How long there is; at least nothing. */
  Duration left() {
    return Duration.ofNanos(Math.max(0, atNanos - System.nanoTime()));
  }

  /** How long there is when some of it is kept for what comes after; at least nothing. */
  Duration leftBut(Duration kept) {
    Duration left = left().minus(kept);
    return left.isNegative() ? Duration.ZERO : left;
  }
}
