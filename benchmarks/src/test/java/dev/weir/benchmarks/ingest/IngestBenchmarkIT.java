package dev.weir.benchmarks.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.benchmarks.BenchRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Seconds of load on a Weir of its own, so that the harness cannot rot; the figures mean nothing. */
class IngestBenchmarkIT {

  @TempDir
  Path directory;

  @Test
  void everythingAcknowledgedIsCountedAndReported() throws Exception {
    Path reports = directory.resolve("reports");
    Path data = Files.createDirectories(directory.resolve("data"));
    BenchRun run = BenchRun.of(
        "ingest",
        "--rate=2000",
        "--batch=100",
        "--senders=2",
        "--connections=4",
        "--warm-up=1",
        "--seconds=1",
        "--runs=2",
        "--meters=3",
        "--format=array",
        "--heap=256m",
        "--report=" + reports,
        "--data=" + data);
    assertEquals(0, run.exitCode(), run.toString());
    assertTrue(run.out().contains("8,000 events acknowledged, 0 requests refused"), run.toString());
    assertTrue(run.out().contains("| acknowledged after, p99.9"), run.toString());
    assertTrue(run.out().contains("answers other than wanted: none"), run.toString());
    assertTrue(run.out().contains("flushed by fdatasync"), run.toString());
    assertTrue(run.out().contains("-Xmx256m"), run.toString());
    try (Stream<Path> files = Files.list(reports)) {
      List<String> names = files.map(Path::toString).sorted().toList();
      assertEquals(2, names.size(), names.toString());
      String html = Files.readString(Path.of(names.get(0)));
      assertTrue(html.contains("<polyline class=\"curve c0\""), html);
    }
    try (Stream<Path> left = Files.list(data)) {
      assertEquals(List.of(), left.toList());
    }
  }
}
