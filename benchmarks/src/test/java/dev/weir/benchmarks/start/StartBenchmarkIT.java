package dev.weir.benchmarks.start;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.benchmarks.BenchRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One start on an empty directory and one on a filled one; the figures mean nothing. */
class StartBenchmarkIT {

  @TempDir
  Path directory;

  @Test
  void itIsStartedEmptyAndAgainAndLeavesNothing() throws Exception {
    BenchRun run = BenchRun.of(
        "start", "--runs=1", "--events=2000", "--heap=256m", "--no-report", "--data=" + directory);
    assertEquals(0, run.exitCode(), run.toString());
    assertTrue(run.out().contains("with an empty directory"), run.toString());
    assertTrue(run.out().contains("with a journal"), run.toString());
    assertTrue(run.out().contains("2,000 events"), run.toString());
    try (Stream<Path> left = Files.list(directory)) {
      assertEquals(List.of(), left.toList());
    }
  }

  @Test
  void aServerThatRunsAlreadyCannotBeStarted() throws Exception {
    BenchRun run = BenchRun.of("start", "--url=http://127.0.0.1:1");
    assertEquals(2, run.exitCode(), run.toString());
    assertTrue(run.err().contains("there is no option '--url"), run.toString());
  }

  @Test
  void aJournalThatCannotBeFilledIsNoMeasurement() throws Exception {
    BenchRun run = BenchRun.of(
        "start",
        "--runs=1",
        "--events=2000",
        "--set=ingest.events.max=10",
        "--heap=256m",
        "--no-report",
        "--data=" + directory);
    assertEquals(1, run.exitCode(), run.toString());
    assertTrue(
        run.err().contains("of 2,000 events 2,000 are missing after 5 tries"), run.toString());
  }
}
