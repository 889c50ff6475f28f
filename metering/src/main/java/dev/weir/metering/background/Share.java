package dev.weir.metering.background;

/**
 * What a background thread gets of a processor that others want too: how nice it is to them, and for how long
 * it has the processor. Linux prefers who will have had a slice soonest, in a time that runs the faster the nicer a
 * thread is, so that slices are as short as they can be without being preferred for it: a usual thread's is
 * 1.4 to 3 ms, 0.35 ms of {@link #TENTH} are as long, and the least that Linux gives is 0.1 ms.
 */
enum Share {
  /** A tenth of what a usual thread gets. */
  TENTH(10, 350_000),

  /** To find out whether one may be given more again. */
  LESS_THAN_A_TENTH(11, 350_000),

  /** What others leave, and 1.5 % of what a usual thread gets. */
  LEFT_OVER(19, 100_000);

  private static final int NICEST = 19;

  private final int nice;
  private final long sliceNanos;

  Share(int nice, long sliceNanos) {
    this.nice = nice;
    this.sliceNanos = sliceNanos;
  }

  /**
   * The nice value.
   *
   * @param usual that of the process
   */
  int nice(int usual) {
    return Math.min(NICEST, Math.max(0, usual) + nice);
  }

  long sliceNanos() {
    return sliceNanos;
  }
}
