package dev.weir.metering.scheduling;

import java.util.ArrayDeque;
import java.util.function.LongSupplier;

/**
 * Whether work that follows something is further behind than it may be in time: it is late when it has not
 * come, within that, to where what it follows was. Thread-safe; the more often it is asked, the more exact.
 */
final class Arrears {

  /** Of who is far behind, the latest need not be remembered. */
  private static final int MARKS_MAX = 32;

  private final LongSupplier nanoClock;
  private final long allowedNanos;
  private final ArrayDeque<Mark> marks = new ArrayDeque<>();

  /** How far what is followed was at a time. */
  private record Mark(long nanos, long due) {}

  /**
   * @param nanoClock as {@link System#nanoTime}
   * @param allowedNanos how long work may take to come to where what it follows was
   */
  Arrears(LongSupplier nanoClock, long allowedNanos) {
    this.nanoClock = nanoClock;
    this.allowedNanos = allowedNanos;
  }

  /**
   * Whether the work is late.
   *
   * @param due how far what it follows is; never goes back
   * @param done how far the work is
   */
  synchronized boolean late(long due, long done) {
    long now = nanoClock.getAsLong();
    while (!marks.isEmpty() && marks.element().due() <= done) {
      marks.remove();
    }
    boolean late = !marks.isEmpty() && now - marks.element().nanos() > allowedNanos;
    if (due > done && marks.size() < MARKS_MAX) {
      marks.add(new Mark(now, due));
    }
    return late;
  }
}
