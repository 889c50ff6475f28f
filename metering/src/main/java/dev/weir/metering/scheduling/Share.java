package dev.weir.metering.scheduling;

/**
 * What a thread gets of a processor that others want too: how nice it is to them, and for how long it has the
 * processor at a time, its slice. Linux (since 6.6) lets that thread run first whose slice would end soonest, by
 * a clock of each thread's own, which runs the faster the nicer the thread is, nine times as fast at nice 10.
 * So a short slice puts a thread before others without giving it more. A usual thread's slice is 1.4 to 3 ms;
 * {@link #TENTH} has 0.35 ms, as long as that by its clock, so that it leaves sooner and comes before nobody; the
 * least that Linux gives is 0.1 ms.
 */
enum Share {
  /** As much as a usual thread gets, and sooner; threads that it starts are usual ones. */
  SOONER(0, Share.SHORTEST_SLICE),

  USUAL(0, Share.SLICE_OF_LINUX),

  /** To find out whether one may be given more again. */
  LESS_THAN_USUAL(1, Share.SLICE_OF_LINUX),

  THIRD(5, Share.SLICE_OF_LINUX),

  TENTH(Share.NICE_OF_A_TENTH, 350_000),

  /** To find out whether one may be given more again. */
  LESS_THAN_A_TENTH(Share.NICE_OF_A_TENTH + 1, 350_000),

  /**
   * What others leave. Nice is not enough: to Linux a processor is taken whoever runs there, so that it lets a
   * waking thread wait at the other, and looks for a better place only after tens of milliseconds. Whom it knows
   * to be idle, by a policy of its own, it sees no processor taken by. Where others leave nothing it must not last:
   * see {@link Crowding}. Such a thread must start no others, as they would be idle too.
   */
  LEFT_OVER(Share.NICE_OF_A_TENTH, Share.SHORTEST_SLICE);

  private static final int NICEST = 19;
  private static final long SLICE_OF_LINUX = 0;
  private static final long SHORTEST_SLICE = 100_000;

  /** Also of Java's least priority, whatever that of the process is: {@code deploy/jvm.options}. */
  private static final int NICE_OF_A_TENTH = 10;

  private final int nice;
  private final long sliceNanos;

  Share(int nice, long sliceNanos) {
    this.nice = nice;
    this.sliceNanos = sliceNanos;
  }

  /**
   * The nice value.
   *
   * @param before what the thread had of Java, or of the process
   */
  int nice(int before) {
    return switch (this) {
      case SOONER, USUAL, LESS_THAN_USUAL, THIRD -> Math.min(NICEST, before + nice);
      // Java has lowered the thread already; and what is to be found out needs a step that is left.
      case TENTH, LEFT_OVER, LESS_THAN_A_TENTH ->
        Math.min(NICEST - 1, Math.max(NICE_OF_A_TENTH, before)) + nice - NICE_OF_A_TENTH;
    };
  }

  long sliceNanos() {
    return sliceNanos;
  }

  /** Whether Linux is to see no processor taken by the thread. */
  boolean isIdle() {
    return this == LEFT_OVER;
  }

  /** Whether threads that it starts do without. */
  boolean isOfThreadAlone() {
    return this == SOONER;
  }
}
