package dev.weir.benchmarks.load;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.function.LongSupplier;

/**
 * Processor time of the calling thread, and of those that work for it, within the measured time; always
 * called by the same thread.
 */
final class SenderCpu {

  private static final long UNKNOWN = -1;

  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private final Schedule schedule;
  private final LongSupplier others;
  private long before = UNKNOWN;
  private long after = UNKNOWN;

  SenderCpu(Schedule schedule) {
    this(schedule, () -> 0);
  }

  /**
   * @param others processor time of the threads that work for the calling one
   */
  SenderCpu(Schedule schedule, LongSupplier others) {
    this.schedule = schedule;
    this.others = others;
  }

  private long soFar() {
    return threads.getCurrentThreadCpuTime() + others.getAsLong();
  }

  /** To be called often: notes when the measured time begins and ends. */
  void look() {
    if (after != UNKNOWN) {
      return;
    }
    long now = System.nanoTime();
    if (before == UNKNOWN && schedule.isMeasured(now)) {
      before = soFar();
    } else if (before != UNKNOWN && !schedule.isWithin(now)) {
      after = soFar();
    }
  }

  /** Until now, if the end has not been noted. */
  long nanos() {
    long until = after == UNKNOWN ? soFar() : after;
    return before == UNKNOWN ? 0 : until - before;
  }
}
