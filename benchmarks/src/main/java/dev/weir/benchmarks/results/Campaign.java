package dev.weir.benchmarks.results;

import dev.weir.benchmarks.harness.Benchmark;
import dev.weir.benchmarks.harness.Console;
import dev.weir.benchmarks.harness.Option;
import dev.weir.benchmarks.harness.Options;
import dev.weir.benchmarks.harness.Reason;
import dev.weir.benchmarks.harness.UsageFailure;
import dev.weir.benchmarks.report.Fact;
import dev.weir.benchmarks.report.Machine;
import dev.weir.benchmarks.report.Report;
import dev.weir.benchmarks.report.ReportFiles;
import dev.weir.benchmarks.report.ReportJson;
import dev.weir.benchmarks.report.Section;
import dev.weir.benchmarks.server.Tree;
import dev.weir.benchmarks.server.Workspace;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Runs benchmarks one after another, keeps their reports and puts them on the page of results. */
public final class Campaign {

  private static final String RUNS = "5";

  private final List<Benchmark> benchmarks;
  private final InstantSource clock = InstantSource.system();

  private Campaign(List<Benchmark> benchmarks) {
    this.benchmarks = List.copyOf(benchmarks);
  }

  /** The benchmark of everything that is published. */
  public static Benchmark of(List<Benchmark> benchmarks) {
    List<Option> options = new ArrayList<>(List.of(
        new Option("only", "KEY,…", keys(), "what is measured"),
        new Option("runs", "N", RUNS, "of each; figures are medians"),
        new Option("set-option", "A=B …", "", "options of each benchmark instead of its own")));
    options.addAll(Results.OPTIONS);
    return new Benchmark(
        "all",
        "all that is published, kept in benchmarks/results; takes hours",
        options,
        new Campaign(benchmarks)::run);
  }

  /** Only writes the page of results anew. */
  public static final Benchmark RESULTS = new Benchmark(
      "results",
      "puts what 'all' has kept into benchmarks/RESULTS.md",
      Results.OPTIONS,
      (options, console) ->
          new Report("results", "Results", List.of(), List.of(shown(options)), List.of()));

  private static String keys() {
    return Entry.ALL.stream().map(Entry::key).collect(Collectors.joining(","));
  }

  private static List<Entry> chosen(Options options) {
    List<String> only =
        Arrays.stream(options.text("only").split(",", -1)).map(String::strip).toList();
    List<Entry> chosen =
        Entry.ALL.stream().filter(entry -> only.contains(entry.key())).toList();
    if (chosen.size() != only.size()) {
      throw new UsageFailure(
          "--only must be some of %s, each once, not '%s'".formatted(keys(), options.text("only")));
    }
    return chosen;
  }

  private static Map<String, String> more(Options options) {
    Map<String, String> more = new LinkedHashMap<>();
    for (String word : options.text("set-option").split(" ", -1)) {
      if (!word.isBlank()) {
        int equals = word.indexOf('=');
        if (equals < 1) {
          throw new UsageFailure("--set-option must be as 'seconds=2 heap=2g', not '" + word + "'");
        }
        more.put(word.substring(0, equals), word.substring(equals + 1));
      }
    }
    return more;
  }

  private Benchmark named(String name) {
    return benchmarks.stream()
        .filter(benchmark -> benchmark.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("there is no benchmark " + name));
  }

  private Report run(Options options, Console console) throws Exception {
    List<Entry> chosen = chosen(options);
    long runs = options.number("runs", 1, 100);
    Map<String, String> more = more(options);
    // A misspelt option must not come to light after hours.
    chosen.forEach(entry -> entry.parsed(named(entry.benchmark()), runs, more));
    Results results = Results.of(options);
    // Kept reports are files of the tree: after the first of them it would always be dirty.
    String commit = Machine.commit(Tree.root());
    List<List<String>> rows = new ArrayList<>();
    List<String> faults = new ArrayList<>();
    for (Entry entry : chosen) {
      long begun = System.nanoTime();
      List<String> own = new ArrayList<>();
      try {
        own.addAll(measure(entry, runs, more, commit, options, results, console));
      } catch (InterruptedException e) {
        throw e;
      } catch (Exception e) {
        // The others can still be measured.
        own.add("was not measured: " + Reason.of(e));
      }
      own.forEach(fault -> faults.add(entry.key() + ": " + fault));
      long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begun);
      rows.add(List.of(
          entry.key(), String.format(Locale.ROOT, "%,d", seconds), Integer.toString(own.size())));
    }
    return new Report(
        "all",
        "All that is published",
        List.of(new Fact("kept in", results.directory().toString())),
        List.of(
            new Section.Table("What was measured", List.of("", "seconds", "faults"), rows),
            shown(options)),
        faults);
  }

  /** Gives the faults. */
  private List<String> measure(
      Entry entry,
      long runs,
      Map<String, String> more,
      String commit,
      Options options,
      Results results,
      Console console)
      throws Exception {
    Benchmark benchmark = named(entry.benchmark());
    Options parsed = entry.parsed(benchmark, runs, more);
    List<String> words = new ArrayList<>(List.of("weir bench", benchmark.name()));
    words.addAll(entry.words(benchmark, runs, more));
    String command = String.join(" ", words);
    console.say(entry.key() + ": " + command);
    List<Fact> surroundings =
        new ArrayList<>(Machine.facts(commit, Workspace.parent(parsed), clock.instant()));
    surroundings.add(new Fact("command", command));
    List<Report> reports = new ArrayList<>();
    for (int i = 0; i < (entry.again() ? runs : 1); i++) {
      reports.add(benchmark.body().run(parsed, console));
    }
    Report report = Medians.of(reports);
    if (entry.again()) {
      surroundings.add(new Fact("runs", runs + " of all of it; each number is their median"));
    }
    ReportFiles.write(Tree.reports(options), report, surroundings, clock.instant());
    results.keep(entry.key(), report, surroundings);
    return report.faults();
  }

  private static Section shown(Options options) throws java.io.IOException {
    Results results = Results.of(options);
    List<List<String>> rows = new ArrayList<>();
    for (Map.Entry<String, ReportJson.Kept> kept : results.rebuild().entrySet()) {
      rows.add(List.of(
          kept.getKey(),
          kept.getValue().surroundings().stream()
              .filter(fact -> fact.name().equals("date") || fact.name().equals("commit"))
              .map(Fact::value)
              .collect(Collectors.joining(", "))));
    }
    return new Section.Table(
        "Shown in " + results.page().getFileName(), List.of("", "measured"), rows);
  }
}
