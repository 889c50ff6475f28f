package dev.weir.gateway;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that a stop comes to an end. Every part bounds its own waits, so that this is for bugs and
 * for disks that do not answer: when the time is over, it logs what all threads do and ends the process.
 * Nothing that was acknowledged is lost by that, no more than by a crash.
 */
final class StopWatchdog {

  private static final Logger LOG = LoggerFactory.getLogger(StopWatchdog.class);

  /** How long the log may take; whoever should read it may be what is stuck. */
  private static final long LOG_MILLIS_MAX = 5_000;

  private final Duration patience;
  private final Supplier<String> threads;
  private final Runnable end;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final Thread thread = new Thread(this::watch, "weir-stop-watchdog");

  private StopWatchdog(Duration patience, Supplier<String> threads, Runnable end) {
    this.patience = patience;
    this.threads = threads;
    this.end = end;
  }

  /**
   * Starts to watch, on a thread of its own.
   *
   * @param threads gives what is logged
   * @param end ends the process
   */
  static StopWatchdog start(Duration patience, Supplier<String> threads, Runnable end) {
    StopWatchdog watchdog = new StopWatchdog(patience, threads, end);
    watchdog.thread.setDaemon(true);
    watchdog.thread.start();
    return watchdog;
  }

  /**
   * All has stopped: leaves off, and returns when it has. Does not return if the time was over before;
   * then the process ends as the log says.
   */
  void leaveOff() throws InterruptedException {
    stopped.countDown();
    thread.join();
  }

  private void watch() {
    boolean inTime = false;
    try {
      inTime = stopped.await(patience.toNanos(), TimeUnit.NANOSECONDS);
      if (!inTime) {
        Thread log = new Thread(this::log, "weir-stop-log");
        log.setDaemon(true);
        log.start();
        log.join(LOG_MILLIS_MAX);
      }
    } catch (InterruptedException e) {
      // Nobody interrupts this thread; if somebody does, the process ends now.
      Thread.currentThread().interrupt();
    } finally {
      // Also when there is no memory for another thread.
      if (!inTime) {
        end.run();
      }
    }
  }

  private void log() {
    LOG.error(
        "not stopped after {} s; the process ends now, and the next one goes on as after a crash:"
            + " what was acknowledged is on disk. What the threads are doing:\n{}",
        patience.toSeconds(),
        threads.get());
  }
}
