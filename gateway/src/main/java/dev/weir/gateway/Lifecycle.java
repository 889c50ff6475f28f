package dev.weir.gateway;

import dev.weir.gateway.config.StartFailure;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Parts that were started, to be stopped in reverse order. A stop that comes during a start waits for
 * the part being started, stops everything, and lets nothing more start. Thread-safe.
 */
final class Lifecycle {

  private static final Logger LOG = LoggerFactory.getLogger(Lifecycle.class);

  /** What stops a part; may block and may throw. */
  @FunctionalInterface
  interface Stop<T> {
    void stop(T part) throws Exception;
  }

  private record Started(String name, Callable<Void> stop) {}

  private final Deque<Started> running = new ArrayDeque<>();
  private boolean stopping;

  /** Starts a part and remembers how to stop it. */
  synchronized <T> T start(String name, Callable<T> start, Stop<T> stop) {
    if (stopping) {
      throw StartFailure.surroundings("stopped while starting");
    }
    long began = System.nanoTime();
    T part;
    try {
      part = start.call();
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(name + " does not start", e);
    }
    running.push(new Started(name, () -> {
      stop.stop(part);
      return null;
    }));
    LOG.debug("{} started in {} ms", name, (System.nanoTime() - began) / 1_000_000);
    return part;
  }

  /** Stops everything, newest first. One part's failure does not keep the others running. */
  synchronized void stop() {
    stopping = true;
    while (!running.isEmpty()) {
      Started part = running.pop();
      try {
        part.stop().call();
        LOG.debug("{} stopped", part.name());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        LOG.error("interrupted while stopping {}", part.name());
      } catch (Exception e) {
        LOG.error("{} does not stop", part.name(), e);
      }
    }
  }
}
