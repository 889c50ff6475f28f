package dev.weir.metering.scheduling;

/**
 * What a thread gets of a processor that others want too: how nice it is to them, and for how long it has the
 * processor. Linux prefers who will have had a slice soonest, in a time that runs the faster the nicer a thread
 * is: a short slice puts a thread before others without giving it more, and a nice thread's is as short as it can
 * be without that. A usual thread's is 1.4 to 3 ms, 0.35 ms of {@link #TENTH} are as long, and the least that
 * Linux gives is 0.1 ms.
 */
enum Share {
  /** As much as a usual thread gets, and sooner. */
  SOONER(0, 100_000),

  USUAL(0, Share.SLICE_OF_LINUX),

  /** To find out whether one may be given more again. */
  LESS_THAN_USUAL(1, Share.SLICE_OF_LINUX),

  THIRD(5, Share.SLICE_OF_LINUX),

  TENTH(Share.NICE_OF_JAVAS_LEAST, 350_000),

  /** To find out whether one may be given more again. */
  LESS_THAN_A_TENTH(11, 350_000),

  /**
   * What others leave. Nice is not enough: to Linux a processor is taken whoever runs there, so that it lets a
   * waking thread wait at the other, and looks for a better place only after tens of milliseconds. Whom it knows
   * to be idle, by a policy of its own, it sees no processor taken by.
   */
  LEFT_OVER(Share.NICE_OF_JAVAS_LEAST, 350_000);

  private static final int NICEST = 19;
  private static final long SLICE_OF_LINUX = 0;

  /** Of a thread of Java's least priority, whatever that of the process is: {@code deploy/jvm.options}. */
  private static final int NICE_OF_JAVAS_LEAST = 10;

  private final int nice;
  private final long sliceNanos;

  Share(int nice, long sliceNanos) {
    this.nice = nice;
    this.sliceNanos = sliceNanos;
  }

  /**
   * The nice value. None asks for a lower one than Java has given the thread, which not every process may.
   *
   * @param usual that of the process
   */
  int nice(int usual) {
    int of = nice < NICE_OF_JAVAS_LEAST ? usual : Math.max(0, usual);
    return Math.min(NICEST, of + nice);
  }

  long sliceNanos() {
    return sliceNanos;
  }

  /** Whether nobody has to wait for the thread. */
  boolean isIdle() {
    return this == LEFT_OVER;
  }
}
