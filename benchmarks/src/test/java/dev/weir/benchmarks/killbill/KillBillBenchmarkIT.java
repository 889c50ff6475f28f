package dev.weir.benchmarks.killbill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.benchmarks.BenchRun;
import dev.weir.benchmarks.fetch.Contenders;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A second of a real Kill Bill; the figures mean nothing. */
class KillBillBenchmarkIT {

  @TempDir
  Path directory;

  @Test
  void everyRecordThatIsAcknowledgedIsAddedUp() throws Exception {
    Contenders.assumeThere("killbill");
    BenchRun run = BenchRun.of(
        "killbill",
        "--rate=10",
        "--usage-batches=5",
        "--connections=1",
        "--step=1",
        "--hold=4",
        "--warm-up=0",
        "--seconds=1",
        "--heap=512m",
        "--no-report",
        "--data=" + directory);
    assertEquals(0, run.exitCode(), run.toString());
    assertTrue(
        run.out().contains("10 records acknowledged; Kill Bill adds up 10,045, and must 10,045."),
        run.toString());
    assertTrue(run.out().contains("answers other than wanted: none"), run.toString());
    assertTrue(run.out().matches("(?s).*\\| 5 +\\| +[1-9][0-9]* \\|.*"), run.toString());
    try (Stream<Path> left = Files.list(directory)) {
      assertEquals(List.of(), left.toList());
    }
  }
}
