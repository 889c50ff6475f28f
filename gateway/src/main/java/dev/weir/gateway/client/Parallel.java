package dev.weir.gateway.client;

import dev.weir.gateway.terminal.CommandFailure;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Runs blocking tasks on a few threads that end with the call. */
public final class Parallel {

  private static final int END_SECONDS_MAX = 30;

  private Parallel() {}

  /**
   * Waits for all tasks and gives their results in order; the first failure is thrown and the rest
   * are interrupted. Either way all have ended when it returns.
   */
  public static <T> List<T> run(String name, int threads, Collection<? extends Callable<T>> tasks) {
    AtomicInteger number = new AtomicInteger();
    ExecutorService pool = Executors.newFixedThreadPool(
        threads, task -> new Thread(task, name + "-" + number.incrementAndGet()));
    try {
      List<Future<T>> futures = new ArrayList<>();
      for (Callable<T> task : tasks) {
        futures.add(pool.submit(task));
      }
      List<T> results = new ArrayList<>();
      for (Future<T> future : futures) {
        results.add(future.get());
      }
      return results;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure("Interrupted.");
    } finally {
      end(pool);
    }
  }

  /** Afterwards nothing works on behind the caller's back, unless it does not heed interruption. */
  private static void end(ExecutorService pool) {
    pool.shutdownNow();
    try {
      for (int second = 0; second < END_SECONDS_MAX; second++) {
        if (pool.awaitTermination(1, TimeUnit.SECONDS)) {
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
