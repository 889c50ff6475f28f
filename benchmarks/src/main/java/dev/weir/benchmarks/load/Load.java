package dev.weir.benchmarks.load;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** Runs a plan. */
public final class Load {

  /** For senders to connect before the first request is due. */
  private static final long CONNECT_NANOS = TimeUnit.MILLISECONDS.toNanos(300);

  private Load() {}

  /** Makes the sender of a schedule. */
  private interface Senders {
    Sender of(Schedule schedule);
  }

  /**
   * Sends by HTTP. Blocks until everything due was answered, or a few seconds after the end.
   *
   * @param exchanges makes one for each request that can be under way at once; called before the time
   *     counts
   * @param onMeasure called once when the warm-up is over
   */
  public static LoadResult run(LoadPlan plan, Supplier<Exchange> exchanges, Runnable onMeasure)
      throws InterruptedException {
    List<List<Exchange>> prepared = new ArrayList<>();
    for (int i = 0; i < plan.senders().count(); i++) {
      List<Exchange> own = new ArrayList<>();
      int count = plan.senders().connections(i) * plan.exchangesPerConnection();
      for (int j = 0; j < count; j++) {
        own.add(exchanges.get());
      }
      prepared.add(own);
    }
    return run(
        plan, schedule -> sender(plan, schedule, prepared.get(schedule.sender())), onMeasure);
  }

  /**
   * The same by a library.
   *
   * @param pushers one for each sender
   */
  public static LoadResult push(LoadPlan plan, List<? extends Pusher> pushers, Runnable onMeasure)
      throws InterruptedException {
    return run(
        plan, schedule -> new PushSender(schedule, pushers.get(schedule.sender())), onMeasure);
  }

  private static LoadResult run(LoadPlan plan, Senders senders, Runnable onMeasure)
      throws InterruptedException {
    long start = System.nanoTime() + CONNECT_NANOS;
    long measure = start + TimeUnit.MILLISECONDS.toNanos(plan.warmUpMillis());
    long end = measure + TimeUnit.MILLISECONDS.toNanos(plan.measuredMillis());
    AtomicInteger number = new AtomicInteger();
    ExecutorService threads = Executors.newFixedThreadPool(
        plan.senders().count(), work -> new Thread(work, "sender-" + number.getAndIncrement()));
    try {
      List<Future<SenderResult>> results = new ArrayList<>();
      for (int i = 0; i < plan.senders().count(); i++) {
        Schedule schedule = new Schedule(
            start,
            measure,
            end,
            plan.eventsPerSecond(),
            plan.eventsPerRequest(),
            i,
            plan.senders().count());
        results.add(threads.submit(senders.of(schedule)));
      }
      TimeUnit.NANOSECONDS.sleep(Math.max(0, measure - System.nanoTime()));
      onMeasure.run();
      return LoadResult.of(plan, all(results));
    } finally {
      threads.shutdownNow();
    }
  }

  private static Sender sender(LoadPlan plan, Schedule schedule, List<Exchange> exchanges) {
    return switch (plan.protocol()) {
      case H1 -> new Http1Sender(plan, schedule, exchanges);
      case H2C -> new Http2Sender(plan, schedule, exchanges);
    };
  }

  private static List<SenderResult> all(List<Future<SenderResult>> results)
      throws InterruptedException {
    List<SenderResult> all = new ArrayList<>();
    for (Future<SenderResult> result : results) {
      try {
        all.add(result.get());
      } catch (ExecutionException e) {
        throw new IllegalStateException("a sender failed: " + e.getCause(), e.getCause());
      }
    }
    return all;
  }
}
