package dev.weir.benchmarks.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.benchmarks.BenchRun;
import dev.weir.benchmarks.harness.Console;
import dev.weir.benchmarks.harness.Options;
import dev.weir.benchmarks.server.Target;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
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

  @Test
  void http2GoesToItsOwnPort() throws Exception {
    BenchRun run = BenchRun.of(
        "single",
        "--protocol=h2c",
        "--rate=200",
        "--connections=1",
        "--warm-up=0",
        "--seconds=1",
        "--heap=256m",
        "--no-report",
        "--data=" + directory);
    assertEquals(0, run.exitCode(), run.toString());
    assertTrue(run.out().contains("200 events acknowledged, 0 requests refused"), run.toString());
    assertTrue(run.out().contains("answers other than wanted: none"), run.toString());
    assertTrue(run.out().contains("HTTP/2 with prior knowledge"), run.toString());
  }

  @Test
  void aWeirThatRunsIsMeasuredAndLeftRunning() throws Exception {
    Console silent = new Console(
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8), false);
    Options options =
        Options.parse(Target.options(), List.of("--heap=256m", "--data=" + directory));
    try (Target running = Target.weir(options, silent)) {
      BenchRun run = BenchRun.of(
          "single",
          "--url=" + running.url(),
          "--key=" + running.key(),
          "--rate=100",
          "--connections=2",
          "--warm-up=0",
          "--seconds=1",
          "--no-report");
      assertEquals(0, run.exitCode(), run.toString());
      assertTrue(run.out().contains("100 events acknowledged, 0 requests refused"), run.toString());
      assertTrue(run.out().contains("runs already at " + running.url()), run.toString());
      assertFalse(run.out().contains(running.key()), run.toString());
      BenchRun refused = BenchRun.of(
          "single", "--url=" + running.url(), "--key=wk_none", "--rate=10", "--no-report");
      assertEquals(1, refused.exitCode(), refused.toString());
      assertTrue(refused.err().contains("status 401"), refused.toString());
      assertEquals(1, running.client().get("/api/v1/meters").size());
    }
  }

  @Test
  void aServerThatRefusesEverythingIsAFault() throws Exception {
    BenchRun run = BenchRun.of(
        "ingest",
        "--set=ingest.events.max=10",
        "--rate=1000",
        "--batch=100",
        "--connections=1",
        "--warm-up=0",
        "--seconds=1",
        "--heap=256m",
        "--no-report",
        "--data=" + directory);
    assertEquals(1, run.exitCode(), run.toString());
    assertTrue(run.out().contains("**FAULT: nothing was answered as it should be"), run.toString());
  }
}
