package dev.weir.benchmarks.endurance;

import dev.weir.benchmarks.harness.Console;
import dev.weir.benchmarks.ingest.WeirEvents;
import dev.weir.benchmarks.load.LoadPlan;
import dev.weir.benchmarks.load.LoadResult;
import java.util.List;

/** A long load, and what was seen of the server from the end of the warm-up on. */
record EnduranceLoad(LoadResult load, List<Watch.Look> looks) {

  static EnduranceLoad run(WeirEvents weir, LoadPlan plan, Console console, String line)
      throws InterruptedException {
    Watch watch = new Watch(weir.target()::state, weir.ledger());
    LoadResult load;
    try (Console.Ticking ticking =
        console.ticking(line, plan.warmUpMillis() + plan.measuredMillis())) {
      load = weir.run(plan, watch::start);
    } finally {
      watch.close();
    }
    return new EnduranceLoad(load, watch.looks());
  }
}
