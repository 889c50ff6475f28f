package dev.weir.benchmarks.load;

/**
 * When one sender's requests are due: evenly, in turn with the other senders'. Times are those of
 * {@link System#nanoTime}.
 *
 * @param startNanos of the warm-up
 * @param measureNanos end of the warm-up
 * @param endNanos nothing is due from here on
 * @param sender number of this one, from 0
 */
record Schedule(
    long startNanos,
    long measureNanos,
    long endNanos,
    long eventsPerSecond,
    int eventsPerRequest,
    int sender,
    int senders) {

  private static final long NANOS = 1_000_000_000L;

  /** When this sender's n-th request, from 0, is due. */
  long due(long n) {
    long number = Math.addExact(Math.multiplyExact(n, (long) senders), sender);
    long whole = number * eventsPerRequest / eventsPerSecond;
    long rest = number * eventsPerRequest % eventsPerSecond;
    return startNanos + whole * NANOS + rest * NANOS / eventsPerSecond;
  }

  boolean isOver(long n) {
    return due(n) - endNanos >= 0;
  }

  /** Whether a moment lies between the end of the warm-up and the end. */
  boolean isWithin(long nanos) {
    return nanos - measureNanos >= 0 && nanos - endNanos < 0;
  }

  boolean isMeasured(long dueNanos) {
    return dueNanos - measureNanos >= 0;
  }
}
