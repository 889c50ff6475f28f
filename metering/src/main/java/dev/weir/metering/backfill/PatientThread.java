package dev.weir.metering.backfill;

import dev.weir.metering.scheduling.BackgroundThread;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread that works when it is woken, and rests when there is nothing to do; what fails is tried again
 * after a short rest. Looks for itself from time to time, in case that nobody could tell it.
 */
abstract class PatientThread {

  private static final Logger LOG = LoggerFactory.getLogger(PatientThread.class);
  private static final long IDLE_NANOS = TimeUnit.MINUTES.toNanos(1);
  private static final long AFTER_FAILURE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Thread thread;
  private volatile boolean stopping;
  private volatile boolean woken;
  private boolean failed;

  PatientThread(String name) {
    thread = BackgroundThread.of(this::run, name);
  }

  /** Does something, if there is anything to do; gives how long to rest then, unless woken. */
  abstract long work();

  private void run() {
    rest(IDLE_NANOS);
    while (!stopping) {
      woken = false;
      rest(workOrWait());
    }
  }

  private long workOrWait() {
    try {
      long nanos = work();
      failed = false;
      return nanos;
    } catch (RuntimeException | Error e) {
      if (!failed) {
        LOG.warn("{} waits and tries again: {}", thread.getName(), e.toString());
      }
      failed = true;
      return AFTER_FAILURE_NANOS;
    }
  }

  /** The rest of who has nothing to do. */
  static long idle() {
    return IDLE_NANOS;
  }

  private void rest(long nanos) {
    long end = System.nanoTime() + nanos;
    for (long left = nanos; left > 0 && !stopping && !woken; left = end - System.nanoTime()) {
      LockSupport.parkNanos(this, left);
    }
  }

  final boolean isStopping() {
    return stopping;
  }

  final void start() {
    thread.start();
  }

  final void wake() {
    woken = true;
    LockSupport.unpark(thread);
  }

  final void tellToStop() {
    stopping = true;
    LockSupport.unpark(thread);
  }

  final void join() throws InterruptedException {
    thread.join();
  }
}
