package dev.weir.benchmarks.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.benchmarks.BenchRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A second of what Weir is compared with; the figures mean nothing. Others have tests of their own. */
class ComparisonIT {

  @TempDir
  Path directory;

  @Test
  void everyContenderIsMeasuredAndWeirIsARatioToEach() throws Exception {
    BenchRun run = BenchRun.of(
        "compare",
        "--with=sink,append,flush,table",
        "--rate=2000",
        "--runs=1",
        "--batch=100",
        "--connections=2",
        "--warm-up=0",
        "--seconds=1",
        "--database-connections=1,2",
        "--gib=1",
        "--heap=256m",
        "--no-report",
        "--data=" + directory);
    assertEquals(0, run.exitCode(), run.toString());
    for (String contender : new String[] {
      "A bare HTTP server that reads the same bytes",
      "A bare journal append",
      "A bare flush",
      "A PostgreSQL table with a unique key",
      "Weir: ingest over HTTP"
    }) {
      assertTrue(run.out().matches("(?s).*\\| " + contender + " +\\| .*"), run.toString());
    }
    assertTrue(
        run.out().matches("(?s).*Weir: ingest over HTTP[^\\n]* 1\\.00 \\|.*"), run.toString());
    assertTrue(run.out().contains("2,000 events answered; the sink read"), run.toString());
    assertTrue(run.out().contains("2,000 events acknowledged, 0 requests refused"), run.toString());
    assertTrue(run.out().contains("## table: 2 connections"), run.toString());
    try (Stream<Path> left = Files.list(directory)) {
      assertEquals(List.of(), left.toList());
    }
  }

  @Test
  void whatThereIsNotCannotBeComparedWith() throws Exception {
    BenchRun run = BenchRun.of("compare", "--with=sink,quicksand");
    assertEquals(2, run.exitCode());
    assertTrue(
        run.err()
            .contains(
                "--with must be some of sink,append,flush,table,kafka,kafka-flush,killbill, not 'quicksand'"),
        run.toString());
  }
}
