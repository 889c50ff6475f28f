package dev.weir.benchmarks.reads;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.benchmarks.BenchRun;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A second of each kind of read; the figures mean nothing. */
class RestBenchmarkIT {

  @TempDir
  Path directory;

  @Test
  void everyReadHasTheRightValue() throws Exception {
    BenchRun run = BenchRun.of(
        "rest",
        "--events=1000",
        "--batch=100",
        "--subjects=5",
        "--rate=50",
        "--connections=2",
        "--warm-up=0",
        "--seconds=1",
        "--heap=256m",
        "--no-report",
        "--data=" + directory);
    assertEquals(0, run.exitCode(), run.toString());
    assertTrue(run.out().contains("1,000 events acknowledged, 0 requests refused"), run.toString());
    for (String kind : new String[] {"query", "bill", "preview"}) {
      assertTrue(run.out().contains("## " + kind + ": At 50 reads/s"), run.toString());
      assertTrue(
          run.out().matches("(?s).*" + kind + ": [^\\n]*50 answers with the right value, 0 with.*"),
          run.toString());
    }
    assertEquals(
        3, run.out().split("answers other than wanted: none", -1).length - 1, run.toString());
  }
}
