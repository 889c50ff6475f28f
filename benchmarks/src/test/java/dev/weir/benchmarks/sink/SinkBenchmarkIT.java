package dev.weir.benchmarks.sink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.benchmarks.BenchRun;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The driver against a server that does nothing wrong; the figures mean nothing. */
class SinkBenchmarkIT {

  @TempDir
  Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"h1", "h2c"})
  void everyRequestIsAnsweredAndEveryByteIsRead(String protocol) throws Exception {
    BenchRun run = BenchRun.of(
        "sink",
        "--protocol=" + protocol,
        "--rate=1000",
        "--batch=10",
        "--senders=2",
        "--connections=4",
        "--warm-up=1",
        "--seconds=1",
        "--heap=128m",
        "--no-report",
        "--data=" + directory);
    assertEquals(0, run.exitCode(), run.toString());
    assertTrue(run.out().contains("2,000 events answered; the sink read"), run.toString());
    assertTrue(run.out().contains("answers other than wanted: none"), run.toString());
  }

  @Test
  void theCapacityIsSearchedAndPartsOfItAreMeasured() throws Exception {
    BenchRun run = BenchRun.of(
        "sink",
        "--rate=max",
        "--step=1",
        "--hold=4",
        "--parts=100,50",
        "--batch=1",
        "--connections=1",
        "--warm-up=1",
        "--seconds=1",
        "--heap=128m",
        "--no-report",
        "--data=" + directory);
    assertEquals(0, run.exitCode(), run.toString());
    assertTrue(run.out().contains("## Capacity: "), run.toString());
    assertTrue(run.out().contains("events/s in a closed loop"), run.toString());
    assertTrue(run.out().contains("## At 100 % of capacity, "), run.toString());
    assertTrue(run.out().contains("## At 50 % of capacity, "), run.toString());
  }
}
