package dev.weir.metering;

/**
 * Threads for work that nobody waits for at the moment: the event index, rollups, seals, backfills,
 * upkeep. They have the least priority, which {@code deploy/jvm.options} makes a low one of the operating
 * system: on a machine with few cores a burst of theirs would else stand in the way of acknowledgements.
 * While others are busy they still get about a tenth of a core each.
 */
public final class BackgroundThread {

  private BackgroundThread() {}

  /** A thread that is not started yet. */
  @SuppressWarnings("ThreadPriorityCheck") // only speed relies on it
  public static Thread of(Runnable work, String name) {
    Thread thread = new Thread(work, name);
    thread.setPriority(Thread.MIN_PRIORITY);
    return thread;
  }
}
