package dev.weir.benchmarks.load;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.HdrHistogram.Histogram;

/**
 * As fast as it goes: each thread begins the next step when the one before is done. Right for limits
 * and for calls that wait; its latencies hide what a stall would have delayed, and reports say so.
 */
public final class ClosedLoop {

  private static final long HIGHEST_MICROS = TimeUnit.MINUTES.toMicros(10);

  private ClosedLoop() {}

  /** One step of one thread. */
  @FunctionalInterface
  public interface Step {
    /** Gives how many events it took. */
    long run() throws Exception;
  }

  /**
   * What was counted after the warm-up.
   *
   * @param micros of each step
   */
  public record Result(long events, double seconds, Histogram micros) {

    public double eventsPerSecond() {
      return events / seconds;
    }
  }

  /**
   * Runs each step again and again on a thread of its own; blocks.
   *
   * @param goesOn asked before each step; the loop ends early when it does not hold
   */
  public static Result run(
      List<? extends Step> steps, long warmUpMillis, long measuredMillis, BooleanSupplier goesOn)
      throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(steps.size());
    try {
      long measure = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(warmUpMillis);
      long end = measure + TimeUnit.MILLISECONDS.toNanos(measuredMillis);
      List<Future<Result>> running = new ArrayList<>();
      for (Step step : steps) {
        running.add(threads.submit(() -> loop(step, measure, end, goesOn)));
      }
      return sum(running);
    } finally {
      threads.shutdownNow();
    }
  }

  private static Result loop(Step step, long measure, long end, BooleanSupplier goesOn)
      throws Exception {
    Histogram micros = new Histogram(HIGHEST_MICROS, 3);
    long events = 0;
    long before = System.nanoTime();
    while (before - measure < 0 && goesOn.getAsBoolean()) {
      step.run();
      before = System.nanoTime();
    }
    long start = before;
    while (before - end < 0 && goesOn.getAsBoolean()) {
      events += step.run();
      long now = System.nanoTime();
      micros.recordValue(Math.min(HIGHEST_MICROS, TimeUnit.NANOSECONDS.toMicros(now - before)));
      before = now;
    }
    return new Result(events, Math.max(1e-9, (before - start) / 1e9), micros);
  }

  private static Result sum(List<Future<Result>> running) throws Exception {
    Histogram micros = new Histogram(HIGHEST_MICROS, 3);
    long events = 0;
    double seconds = 0;
    for (Future<Result> one : running) {
      try {
        Result result = one.get();
        micros.add(result.micros());
        events += result.events();
        seconds = Math.max(seconds, result.seconds());
      } catch (ExecutionException e) {
        throw new IllegalStateException("a step failed: " + e.getCause(), e.getCause());
      }
    }
    return new Result(events, seconds, micros);
  }
}
