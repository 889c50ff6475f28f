package dev.weir.benchmarks.results;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.benchmarks.BenchRun;
import dev.weir.benchmarks.harness.Benchmark;
import dev.weir.benchmarks.harness.Console;
import dev.weir.benchmarks.harness.Option;
import dev.weir.benchmarks.harness.Options;
import dev.weir.benchmarks.report.Report;
import dev.weir.benchmarks.report.Section;
import dev.weir.benchmarks.server.Tree;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CampaignTest {

  @TempDir
  Path directory;

  private BenchRun run(String command, String... more) throws Exception {
    List<String> words = new java.util.ArrayList<>(List.of(
        command,
        "--results=" + directory.resolve("kept"),
        "--page=" + directory.resolve("page.md"),
        "--report=" + directory.resolve("reports")));
    words.addAll(List.of(more));
    return BenchRun.of(words.toArray(String[]::new));
  }

  @Test
  void whatIsMeasuredIsKeptAndShown() throws Exception {
    Path page = Files.writeString(
        directory.resolve("page.md"), "Mine.\n<!-- result dedup: At each -->\n<!-- end -->\n");
    BenchRun all = run("all", "--only=dedup", "--runs=3", "--set-option=sizes=1_000 checks=100");
    assertEquals(0, all.exitCode(), all.toString());
    String shown = Files.readString(page);
    assertTrue(shown.startsWith("Mine.\n<!-- result dedup: At each -->\n\nAt each size:\n"), shown);
    assertTrue(shown.contains("\n| 1,000 "), shown);
    assertTrue(
        shown.contains(
            "`weir bench dedup --sizes=1_000 --checks=100`, 3 of all of it; each number"),
        shown);

    Files.writeString(page, shown.replaceAll("\\| 1,000 [^\\n]*", "gone").replace("Mine", "Ours"));
    BenchRun again = run("results");
    assertEquals(0, again.exitCode(), again.toString());
    assertEquals(shown.replace("Mine", "Ours"), Files.readString(page));
  }

  @Test
  void whatCannotBeMeasuredIsSaidAndKeepsNothing() throws Exception {
    Files.writeString(directory.resolve("page.md"), "Mine.\n");
    BenchRun all = run("all", "--only=single", "--set-option=url=http://127.0.0.1:1 key=k");
    assertEquals(1, all.exitCode(), all.toString());
    assertTrue(all.out().contains("**FAULT: single: was not measured: no answer"), all.toString());
    assertTrue(Files.notExists(directory.resolve("kept")));
  }

  @Test
  void whateverAMeasurementFailsWithTheOthersAreMeasuredAndShown() throws Exception {
    Path page = Files.writeString(
        directory.resolve("page.md"), "Mine.\n<!-- result compare: Words -->\n<!-- end -->\n");
    Benchmark all = Campaign.of(List.of(
        failing("start", new UncheckedIOException(new IOException("disk full"))),
        failing("micro", new SQLException("no connection")),
        new Benchmark(
            "compare",
            "",
            List.of(new Option("warm-up", "N", "3", "")),
            (options, console) -> written())));
    Options options = Options.parse(
        all.options(),
        List.of(
            "--only=compare,start,micro",
            "--results=" + directory.resolve("kept"),
            "--page=" + page));
    Console console = new Console(
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8), false);
    Report report = all.body().run(options, console);
    assertEquals(
        List.of(
            "start: was not measured: java.io.UncheckedIOException: java.io.IOException: disk full",
            "micro: was not measured: java.sql.SQLException: no connection"),
        report.faults());
    assertTrue(Files.readString(page).contains("It was measured."), Files.readString(page));
    Benchmark interrupted =
        Campaign.of(List.of(failing("start", new InterruptedException("enough"))));
    Options start = Options.parse(interrupted.options(), List.of("--only=start", "--page=" + page));
    assertThrows(InterruptedException.class, () -> interrupted.body().run(start, console));
  }

  private static Benchmark failing(String name, Exception failure) {
    return new Benchmark(name, "", List.of(), (options, console) -> {
      throw failure;
    });
  }

  private static Report written() {
    return new Report(
        "compare",
        "Compared",
        List.of(),
        List.of(new Section.Text("Words", List.of("It was measured."))),
        List.of());
  }

  @Test
  void whatThereIsNotIsRefusedBeforeAnythingIsMeasured() throws Exception {
    for (String[] words : new String[][] {
      {"--only=quick", "--only must be some of ingest-1000,"},
      {"--only=micro,micro", "each once"},
      {"--set-option=colour=red", "there is no option '--colour'"},
      {"--set-option=fast", "--set-option must be as"}
    }) {
      BenchRun refused = run("all", words[0]);
      assertEquals(2, refused.exitCode(), refused.toString());
      assertTrue(refused.err().contains(words[1]), refused.toString());
    }
    BenchRun noPage = run("results");
    assertEquals(1, noPage.exitCode(), noPage.toString());
    assertTrue(noPage.err().contains("there is no page"), noPage.toString());
  }

  @Test
  void thePageOfTheTreeShowsWhatIsMeasuredAndIsUpToDate() throws Exception {
    Path module = Tree.root().resolve("benchmarks");
    Results results = new Results(module.resolve("results"), module.resolve("RESULTS.md"));
    String page = Files.readString(results.page());
    List<String> keys = ResultsPage.keys(page);
    List<String> known = Entry.ALL.stream().map(Entry::key).toList();
    assertEquals(known.size(), new HashSet<>(known).size());
    assertEquals(new HashSet<>(known), new HashSet<>(keys));
    assertEquals(
        page,
        ResultsPage.rebuilt(page, results.kept(keys)),
        "'./weir bench results' writes it anew");
  }
}
