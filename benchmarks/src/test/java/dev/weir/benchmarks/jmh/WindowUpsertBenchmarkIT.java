package dev.weir.benchmarks.jmh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.benchmarks.BenchRun;
import org.junit.jupiter.api.Test;

/** A tiny iteration with a real PostgreSQL; the figures mean nothing. */
class WindowUpsertBenchmarkIT {

  @Test
  void newAndChangedWindowsAreWritten() throws Exception {
    BenchRun run = BenchRun.of(
        "micro",
        "--only=WindowUpsert.*",
        "--param=aggregation=MAX",
        "--forks=0",
        "--warm-up=0",
        "--iterations=1",
        "--millis=50",
        "--no-report");
    assertEquals(0, run.exitCode(), run.toString());
    for (String kind : new String[] {"NEW", "CHANGED"}) {
      assertTrue(
          run.out()
              .matches("(?s).*\\| WindowUpsertBenchmark\\.windows \\| +aggregation=MAX kind=" + kind
                  + " +\\| +[1-9][0-9,]* \\|.*"),
          run.toString());
    }
  }
}
