package dev.weir.gateway;

import dev.weir.gateway.config.StartFailure;
import dev.weir.metering.StopSteps;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Parts that were started, to be stopped in reverse order. A stop that comes during a start waits for
 * the part being started, though not for long, stops everything, and lets nothing more start. Thread-safe.
 */
final class Lifecycle {

  private static final Logger LOG = LoggerFactory.getLogger(Lifecycle.class);

  /** What stops a part; may block and may throw. */
  @FunctionalInterface
  interface Stop<T> {
    void stop(T part) throws Exception;
  }

  /** The same for a part that stops in several steps. */
  @FunctionalInterface
  interface StopInSteps<T> {
    void stop(T part, StopSteps steps) throws Exception;
  }

  private record Started(String name, StopSteps.Step stop) {}

  private final Duration startPatience;
  private final Deque<Started> running = new ArrayDeque<>();

  /** Held by the one that stops. */
  private final Object stops = new Object();

  /** Guarded by {@code stops}. */
  private boolean inOrder = true;

  private @Nullable String starting;
  private boolean stopping;
  private boolean stopped;

  /**
   * Nothing is started yet.
   *
   * @param startPatience how long a stop waits for a part that is being started; what takes longer is
   *     left to end with the process
   */
  Lifecycle(Duration startPatience) {
    this.startPatience = startPatience;
  }

  /** Starts a part and remembers how to stop it. */
  <T> T start(String name, Callable<T> start, Stop<T> stop) {
    return startInSteps(name, start, (part, steps) -> stop.stop(part));
  }

  /** The same for a part that stops in several steps. */
  <T> T startInSteps(String name, Callable<T> start, StopInSteps<T> stop) {
    begin(name);
    long began = System.nanoTime();
    T part;
    try {
      part = start.call();
    } catch (RuntimeException | Error e) {
      end(null);
      throw e;
    } catch (Exception e) {
      end(null);
      throw new IllegalStateException(name + " does not start", e);
    }
    Started started = new Started(name, steps -> stop.stop(part, steps));
    if (!end(started)) {
      StopSteps late = new StopSteps();
      late.then(name, started.stop());
      log(late);
      throw stoppedWhileStarting();
    }
    LOG.debug("{} started in {} ms", name, millisSince(began));
    return part;
  }

  private synchronized void begin(String name) {
    if (stopping) {
      throw stoppedWhileStarting();
    }
    starting = name;
  }

  /** Notes that nothing is being started; gives whether a part can still be stopped with the others. */
  private synchronized boolean end(@Nullable Started part) {
    starting = null;
    notifyAll();
    if (part != null && !stopped) {
      running.push(part);
    }
    return !stopped;
  }

  private static StartFailure stoppedWhileStarting() {
    return StartFailure.surroundings("stopped while starting");
  }

  /**
   * Stops everything, newest first, and logs how long each part took. One part's failure does not keep
   * the others running. A second stop waits for the first.
   *
   * @return whether every part that was stopped so far did as it should
   */
  boolean stop() {
    synchronized (stops) {
      long began = System.nanoTime();
      StopSteps steps = new StopSteps();
      boolean any = false;
      awaitStart(steps);
      for (Started part = next(); part != null; part = next()) {
        any = true;
        steps.then(part.name(), part.stop());
      }
      if (any) {
        LOG.info("stopped in {} ms: {}", millisSince(began), steps);
      }
      log(steps);
      inOrder &= steps.failures().isEmpty();
      return inOrder;
    }
  }

  private synchronized void awaitStart(StopSteps steps) {
    stopping = true;
    String awaited = starting;
    if (awaited == null) {
      return;
    }
    steps.then("start of " + awaited, parts -> {
      long until = System.nanoTime() + startPatience.toNanos();
      for (long left = until - System.nanoTime();
          starting != null && left > 0;
          left = until - System.nanoTime()) {
        TimeUnit.NANOSECONDS.timedWait(this, left);
      }
    });
    if (starting != null) {
      LOG.warn("{} is still starting and is left to end with the process", awaited);
    }
  }

  private synchronized @Nullable Started next() {
    Started part = running.poll();
    stopped |= part == null;
    return part;
  }

  private static void log(StopSteps steps) {
    for (StopSteps.Failure failure : steps.failures()) {
      LOG.error("{} does not stop as it should", failure.step(), failure.cause());
      if (failure.cause() instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static long millisSince(long nanos) {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos);
  }
}
