package dev.weir.benchmarks.load;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/** Processor time of the calling thread within the measured time; always called by the same thread. */
final class SenderCpu {

  private static final long UNKNOWN = -1;

  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private final Schedule schedule;
  private long before = UNKNOWN;
  private long after = UNKNOWN;

  SenderCpu(Schedule schedule) {
    this.schedule = schedule;
  }

  /** To be called often: notes when the measured time begins and ends. */
  void look() {
    if (after != UNKNOWN) {
      return;
    }
    long now = System.nanoTime();
    if (before == UNKNOWN && schedule.isMeasured(now)) {
      before = threads.getCurrentThreadCpuTime();
    } else if (before != UNKNOWN && !schedule.isWithin(now)) {
      after = threads.getCurrentThreadCpuTime();
    }
  }

  /** Until now, if the end has not been noted. */
  long nanos() {
    long until = after == UNKNOWN ? threads.getCurrentThreadCpuTime() : after;
    return before == UNKNOWN ? 0 : until - before;
  }
}
