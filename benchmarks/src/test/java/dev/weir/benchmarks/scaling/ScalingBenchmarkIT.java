package dev.weir.benchmarks.scaling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.benchmarks.BenchRun;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One value of each dimension, so that none can rot; the figures mean nothing. */
class ScalingBenchmarkIT {

  @TempDir
  Path directory;

  @ParameterizedTest
  @CsvSource({
    "batch, 50, 1000",
    "subjects, 20, 1000",
    "meters, 3, 1000",
    "groups, 7, 1000",
    "lanes, 2, 1000",
    "journal, 3000, 4000"
  })
  void eachValueHasARowAndACheck(String dimension, int value, int events) throws Exception {
    BenchRun run = BenchRun.of(
        "scaling",
        "--over=" + dimension,
        "--values=" + value,
        "--rate=1000",
        "--batch=100",
        "--connections=2",
        "--warm-up=0",
        "--seconds=1",
        "--heap=256m",
        "--no-report",
        "--data=" + directory);
    assertEquals(0, run.exitCode(), run.toString());
    assertTrue(run.out().contains(String.format(Locale.ROOT, "| %,d ", value)), run.toString());
    assertTrue(
        run.out()
            .contains(
                String.format(Locale.ROOT, "%,d events acknowledged, 0 requests refused", events)),
        run.toString());
  }
}
