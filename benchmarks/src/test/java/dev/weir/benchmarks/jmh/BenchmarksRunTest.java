package dev.weir.benchmarks.jmh;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collection;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * One tiny iteration of every benchmark, so that none can rot; the figures mean nothing. Those with a
 * database have a test of their own.
 */
class BenchmarksRunTest {

  @Test
  void everyBenchmarkRuns() throws Exception {
    Collection<RunResult> results = new Runner(new OptionsBuilder()
            .include("dev\\.weir\\.benchmarks\\.jmh\\..*")
            .exclude("WindowUpsert")
            .forks(0)
            .warmupIterations(0)
            .measurementIterations(1)
            .measurementTime(TimeValue.milliseconds(50))
            .param("held", "1000")
            .shouldFailOnError(true)
            .build())
        .run();
    assertFalse(results.isEmpty());
    results.forEach(
        result -> assertTrue(result.getPrimaryResult().getScore() > 0, result.toString()));
  }
}
