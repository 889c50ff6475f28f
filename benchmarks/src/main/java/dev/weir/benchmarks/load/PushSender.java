package dev.weir.benchmarks.load;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Gives requests to a library when they are due. While as many are under way as there may be, or the
 * library has no room, what is due is late: that counts as latency.
 */
final class PushSender implements Sender {

  private static final long SLEEP_NANOS_MAX = TimeUnit.MILLISECONDS.toNanos(20);
  private static final long SHORT_NANOS = TimeUnit.MICROSECONDS.toNanos(1_200);
  private static final long SHORT_SLEEP_NANOS_MAX = TimeUnit.MICROSECONDS.toNanos(50);

  private final Schedule schedule;
  private final Pusher pusher;
  private final SenderCpu cpu;
  private final long lastSendNanos;
  private final long deadlineNanos;
  private long next;

  /** Guards what follows, which the library's threads change. */
  private final Object lock = new Object();

  private final SenderResult result = new SenderResult();
  private long busy;
  private long busyMeasured;
  private boolean over;

  PushSender(Schedule schedule, Pusher pusher) {
    this.schedule = schedule;
    this.pusher = pusher;
    this.cpu = new SenderCpu(schedule, pusher::cpuNanos);
    this.lastSendNanos = schedule.endNanos() + TimeUnit.MILLISECONDS.toNanos(LoadPlan.LATE_MILLIS);
    this.deadlineNanos = schedule.endNanos() + TimeUnit.MILLISECONDS.toNanos(LoadPlan.GRACE_MILLIS);
  }

  @Override
  public SenderResult call() throws InterruptedException {
    for (long now = System.nanoTime();
        !schedule.isOver(next) && now - lastSendNanos < 0;
        now = System.nanoTime()) {
      cpu.look();
      long due = schedule.due(next);
      if (due - now > 0) {
        await(due - now);
      } else if (hasRoom()) {
        next++;
        push(due, now);
      }
    }
    awaitAnswers();
    return end();
  }

  private static void await(long nanos) {
    LockSupport.parkNanos(
        nanos > SHORT_NANOS
            ? Math.min(nanos - SHORT_NANOS, SLEEP_NANOS_MAX)
            : Math.min(nanos, SHORT_SLEEP_NANOS_MAX));
  }

  /** Waits a moment for it. */
  private boolean hasRoom() throws InterruptedException {
    long until = System.nanoTime() + SLEEP_NANOS_MAX;
    synchronized (lock) {
      while (busy >= pusher.requestsMax()) {
        long millis = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
        if (millis <= 0) {
          return false;
        }
        lock.wait(millis);
      }
      return true;
    }
  }

  private void push(long due, long now) {
    boolean measured = schedule.isMeasured(due);
    synchronized (lock) {
      busy++;
      if (measured) {
        busyMeasured++;
        result.departed(due, now);
      }
    }
    pusher.push(acknowledged -> answered(due, measured, acknowledged));
  }

  private void answered(long due, boolean measured, boolean acknowledged) {
    long now = System.nanoTime();
    synchronized (lock) {
      if (over) {
        return;
      }
      busy--;
      if (measured) {
        busyMeasured--;
        result.answered(due, now, Exchange.NO_ANSWER, acknowledged);
      }
      if (acknowledged && schedule.isWithin(now)) {
        result.completed();
      }
      if (busy == 0 || busy == pusher.requestsMax() - 1) {
        lock.notifyAll();
      }
    }
  }

  private void awaitAnswers() throws InterruptedException {
    synchronized (lock) {
      while (busy > 0) {
        long millis = TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime());
        if (millis <= 0) {
          return;
        }
        cpu.look();
        lock.wait(Math.min(millis, TimeUnit.NANOSECONDS.toMillis(SLEEP_NANOS_MAX)));
      }
    }
  }

  private SenderResult end() {
    long unsent = 0;
    for (; !schedule.isOver(next); next++) {
      unsent += schedule.isMeasured(schedule.due(next)) ? 1 : 0;
    }
    synchronized (lock) {
      over = true;
      long now = System.nanoTime();
      for (; busyMeasured > 0; busyMeasured--) {
        result.answered(now, now, Exchange.NO_ANSWER, false);
      }
      result.unsent(unsent);
      result.cpu(cpu.nanos());
      return result;
    }
  }
}
