package dev.weir.metering.rollup;

import dev.weir.metering.database.Database;
import dev.weir.metering.scheduling.BackgroundThread;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that rolls closed windows up to hours and days and drops minutes that are no longer kept.
 * Works in short steps with pauses between, so that flushes get their turn. Nothing waits for it: queries
 * give the same answers before and after, and when it fails it tries again later.
 */
public final class Rollups {

  private static final Logger LOG = LoggerFactory.getLogger(Rollups.class);

  private static final long ROUND_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final long STEP_NANOS_MIN = TimeUnit.MILLISECONDS.toNanos(200);
  private static final long STEP_NANOS_MAX = TimeUnit.MILLISECONDS.toNanos(800);
  private static final long PAUSE_NANOS_MIN = TimeUnit.MILLISECONDS.toNanos(20);

  private static final long STOP_SECONDS = 5;
  private static final long STOP_AGAIN_MILLIS = 100;

  private final RollupSteps steps;
  private final Thread thread;
  private volatile boolean stopping;
  private volatile @Nullable Throwable failure;
  private volatile Instant rolledTo = Instant.EPOCH;
  private int hoursAStep = 1;

  private Rollups(RollupSteps steps) {
    this.steps = steps;
    this.thread = BackgroundThread.of(this::run, "weir-rollups");
  }

  /** Starts the thread. */
  public static Rollups start(Database database, InstantSource clock, MinuteRetention retention) {
    Rollups rollups = new Rollups(new RollupSteps(database, clock, retention));
    rollups.thread.start();
    return rollups;
  }

  /** Why the last round ended early; null when it did not. */
  public @Nullable Throwable failure() {
    return failure;
  }

  /** Up to when windows are in the hours, as of the last round. */
  public Instant rolledTo() {
    return rolledTo;
  }

  /** Makes the next round begin now. Any thread. */
  public void wake() {
    LockSupport.unpark(thread);
  }

  private void run() {
    while (!stopping) {
      LockSupport.parkNanos(this, ROUND_NANOS);
      if (!stopping) {
        round();
      }
    }
  }

  private void round() {
    try {
      steps.prepare();
      boolean more = true;
      while (more && !stopping) {
        long began = System.nanoTime();
        // Days first: they are few, and what is rolled up to hours only should not pile up.
        more = steps.rollDay() || rollHours() || steps.dropMinutes();
        rest(System.nanoTime() - began);
      }
      rolledTo = Instant.ofEpochSecond(steps.watermarks().hoursTo() * 60);
      failure = null;
    } catch (RuntimeException e) {
      if (stopping) {
        return;
      }
      if (failure == null) {
        LOG.warn("rollup of usage is tried again later: {}", e.toString());
      }
      failure = e;
    }
  }

  /** As many hours as take less than a second. */
  private boolean rollHours() {
    long began = System.nanoTime();
    boolean rolled = steps.rollHours(hoursAStep);
    long took = System.nanoTime() - began;
    if (took > STEP_NANOS_MAX) {
      hoursAStep = Math.max(1, hoursAStep / 2);
    } else if (took < STEP_NANOS_MIN && rolled) {
      hoursAStep = Math.min(24, hoursAStep * 2);
    }
    return rolled;
  }

  /** As long as the step took, so that at most half the time goes to rollups. */
  private void rest(long tookNanos) {
    if (!stopping) {
      LockSupport.parkNanos(this, Math.max(PAUSE_NANOS_MIN, tookNanos));
    }
  }

  /**
   * Ends the thread, and what it is doing: that is undone, and done again at the next start. Blocks for
   * {@value #STOP_SECONDS} s at most, or twice that where the database does not answer.
   */
  public void stop() throws InterruptedException {
    stopping = true;
    if (!hasEnded()) {
      thread.interrupt();
      if (!hasEnded()) {
        LOG.warn("rollups do not end: {}", thread);
      }
    }
  }

  private boolean hasEnded() throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(STOP_SECONDS);
    while (thread.isAlive() && System.nanoTime() < end) {
      LockSupport.unpark(thread);
      steps.end();
      thread.join(STOP_AGAIN_MILLIS);
    }
    return !thread.isAlive();
  }
}
