package dev.weir.benchmarks.endurance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.benchmarks.BenchRun;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Seconds of what takes minutes when it is measured, so that it cannot rot; the figures mean nothing. */
class EnduranceBenchmarkIT {

  private static final Pattern REFUSED = Pattern.compile("([0-9,]+) requests refused");
  private static final Pattern PART = Pattern.compile("70 % of its capacity of ([0-9,]+) events/s");

  @TempDir
  Path directory;

  @Test
  void aSoakComparesTheTotalAndShowsItsCourse() throws Exception {
    BenchRun run = BenchRun.of(
        "soak",
        "--rate=1000",
        "--connections=2",
        "--warm-up=1",
        "--seconds=3",
        "--heap=256m",
        "--no-report",
        "--data=" + directory);
    assertEquals(0, run.exitCode(), run.toString());
    assertTrue(run.out().contains("4,000 events acknowledged, 0 requests refused"), run.toString());
    assertTrue(run.out().contains("Too short to tell whether anything grew"), run.toString());
    assertTrue(run.out().contains("memory but heap and identities MiB"), run.toString());
  }

  /** Whether all of it is taken depends on the machine; how the rate is found does not. */
  @Test
  void aSoakWithoutARateTakesAPartOfTheCapacityThatItFinds() throws Exception {
    BenchRun run = BenchRun.of(
        "soak",
        "--step=1",
        "--hold=4",
        "--warm-up=1",
        "--seconds=1",
        "--heap=256m",
        "--no-report",
        "--data=" + directory);
    Matcher part = PART.matcher(run.out());
    assertTrue(part.find(), run.toString());
    long capacity = Long.parseLong(part.group(1).replace(",", ""));
    String rate = String.format(Locale.ROOT, "open loop, %,d events/s", capacity * 70 / 100);
    assertTrue(run.out().contains(rate), run.toString());
  }

  @Test
  void anOverloadIsRefusedCleanlyAndCountsNothingRefused() throws Exception {
    BenchRun run = BenchRun.of(
        "overload",
        "--rate=2000",
        "--factor=100",
        "--batch=100",
        "--connections=16",
        "--warm-up=1",
        "--seconds=3",
        "--set=ingest.queue.requests.max=1",
        "--heap=256m",
        "--no-report",
        "--data=" + directory);
    assertEquals(0, run.exitCode(), run.toString());
    Matcher refused = REFUSED.matcher(run.out());
    assertTrue(refused.find(), run.toString());
    assertTrue(Long.parseLong(refused.group(1).replace(",", "")) > 0, run.toString());
    assertTrue(run.out().contains("Well again after"), run.toString());
  }
}
