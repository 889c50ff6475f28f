package dev.weir.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Benchmarks without a server, from the command line to the report, as small as they can be. */
class CommandsTest {

  @TempDir
  Path directory;

  private BenchRun run(String... words) throws Exception {
    List<String> all = new ArrayList<>(Arrays.asList(words));
    all.add("--report=" + directory.resolve("reports"));
    BenchRun run = BenchRun.of(all.toArray(String[]::new));
    assertEquals(0, run.exitCode(), run.toString());
    assertTrue(run.out().contains("- command: weir bench " + words[0]), run.toString());
    assertTrue(run.out().contains("- load average before: "), run.toString());
    try (Stream<Path> files = Files.list(directory.resolve("reports"))) {
      assertEquals(2, files.count());
    }
    return run;
  }

  @Test
  void dedupMeasuresAtEachSizeAndKeepsTheDirectoryItIsGiven() throws Exception {
    Path kept = directory.resolve("kept");
    BenchRun run = run("dedup", "--sizes=1000,20_000", "--checks=1000", "--dir=" + kept);
    assertTrue(run.out().matches("(?s).*\\| 1,000 +\\|.*\\| 20,000 +\\|.*"), run.toString());
    assertTrue(Files.exists(kept));
  }

  @Test
  void explorerPrintsIntoItsReport() throws Exception {
    BenchRun run = run(
        "explorer",
        "--events=20_000",
        "--customers=20",
        "--frame=1000",
        "--lookups=2",
        "--dir=" + directory.resolve("journal"));
    assertTrue(run.out().contains("```\n"), run.toString());
    assertTrue(run.out().contains("an event by its id, warm"), run.toString());
  }

  @Test
  void microRunsWhatItsNameMatches() throws Exception {
    BenchRun run = run(
        "micro",
        "--only=(FrameEncode|Fold).*",
        "--param=aggregation=COUNT,SUM",
        "--forks=0",
        "--warm-up=0",
        "--iterations=1",
        "--millis=20");
    assertTrue(run.out().contains("| FrameEncodeBenchmark.frame"), run.toString());
    assertTrue(run.out().contains("aggregation=SUM"), run.toString());
    assertTrue(!run.out().contains("aggregation=MAX"), run.toString());
  }
}
