package dev.weir.benchmarks.endurance;

import dev.weir.benchmarks.harness.Console;
import dev.weir.benchmarks.ingest.WeirEvents;
import dev.weir.benchmarks.load.LoadPlan;
import dev.weir.benchmarks.load.LoadResult;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A long load, and what was seen of the server from the end of the warm-up on.
 *
 * @param endedNanos when nothing was due any more, by {@link System#nanoTime}; answers came later still
 */
record EnduranceLoad(LoadResult load, List<Watch.Look> looks, long endedNanos) {

  static EnduranceLoad run(WeirEvents weir, LoadPlan plan, Console console, String line)
      throws InterruptedException {
    Watch watch = new Watch(weir.target()::state, weir.ledger());
    AtomicLong begun = new AtomicLong();
    LoadResult load;
    try (Console.Ticking ticking =
        console.ticking(line, plan.warmUpMillis() + plan.measuredMillis())) {
      load = weir.run(plan, () -> {
        begun.set(System.nanoTime());
        watch.start();
      });
    } finally {
      watch.close();
    }
    long ended = begun.get() + TimeUnit.MILLISECONDS.toNanos(plan.measuredMillis());
    return new EnduranceLoad(load, watch.looks(), ended);
  }
}
