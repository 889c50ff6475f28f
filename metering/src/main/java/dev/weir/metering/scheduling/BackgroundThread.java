package dev.weir.metering.scheduling;

import java.util.function.BooleanSupplier;

/**
 * Threads for work that nobody waits for at the moment: the event index, rollups, seals, backfills,
 * upkeep. On a machine with few cores a burst of theirs would else stand in the way of acknowledgements,
 * so they have the least priority of Java, which {@code deploy/jvm.options} makes a low one of the operating
 * system; on Linux they ask for that themselves as well, and to leave the processor sooner (see {@link
 * LinuxScheduling}).
 */
public final class BackgroundThread {

  private BackgroundThread() {}

  /** A thread, not started yet, that gets about a tenth of a core while others are busy. */
  public static Thread of(Runnable work, String name) {
    return thread(
        () -> {
          ThreadShares.OF_PROCESS.give(Share.TENTH);
          work.run();
        },
        name);
  }

  /**
   * A thread, not started yet, that gets only what others leave as long as its work is in time, and about a
   * tenth of a core when it is late, or while others leave nothing at all. Where the process may not raise a
   * thread's priority again (on Linux that takes {@code CAP_SYS_NICE} or {@code RLIMIT_NICE}), it always gets
   * about a tenth. To be called by a thread of the usual priority: who looks whether work is late gets the
   * caller's.
   *
   * @param late asked some times a second by another thread: must be quick, and must not wait
   */
  public static Thread of(Runnable work, String name, BooleanSupplier late) {
    ThreadShares.OF_PROCESS.watch();
    return thread(() -> ThreadShares.OF_PROCESS.run(work, Terms.BACKGROUND, late), name);
  }

  @SuppressWarnings("ThreadPriorityCheck") // only speed relies on it
  private static Thread thread(Runnable work, String name) {
    Thread thread = new Thread(work, name);
    thread.setPriority(Thread.MIN_PRIORITY);
    return thread;
  }
}
