package dev.weir.metering.scheduling;

import java.util.function.BooleanSupplier;

/**
 * Threads for what follows acknowledgements at a short distance, as the running bill does: a moment later is no
 * harm, and at that moment requests may be waiting for the processor.
 */
public final class FollowingThread {

  private FollowingThread() {}

  /**
   * A thread, not started yet, that gets a third of what others get as long as its work is in time, and as much
   * as others when it is late. Where the process may not raise a thread's priority again (on Linux that takes
   * {@code CAP_SYS_NICE} or {@code RLIMIT_NICE}), it always gets as much, or four fifths of it.
   * To be called by a thread of the usual priority: who looks whether work is late gets the caller's.
   *
   * @param late asked some times a second by another thread: must be quick, and must not wait
   */
  public static Thread of(Runnable work, String name, BooleanSupplier late) {
    ThreadShares.OF_PROCESS.watch();
    return new Thread(() -> ThreadShares.OF_PROCESS.run(work, Terms.FOLLOWING, late), name);
  }
}
