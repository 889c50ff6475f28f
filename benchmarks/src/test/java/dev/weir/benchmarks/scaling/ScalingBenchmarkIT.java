package dev.weir.benchmarks.scaling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.benchmarks.BenchRun;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One value of one dimension, so that it cannot rot; the figures mean nothing. */
class ScalingBenchmarkIT {

  @TempDir
  Path directory;

  @Test
  void eachValueHasARowAndACheck() throws Exception {
    BenchRun run = BenchRun.of(
        "scaling",
        "--over=journal",
        "--values=3000",
        "--rate=1000",
        "--batch=100",
        "--connections=2",
        "--warm-up=0",
        "--seconds=1",
        "--heap=256m",
        "--no-report",
        "--data=" + directory);
    assertEquals(0, run.exitCode(), run.toString());
    assertTrue(run.out().contains("| 3,000 "), run.toString());
    assertTrue(run.out().contains("4,000 events acknowledged, 0 requests refused"), run.toString());
  }
}
