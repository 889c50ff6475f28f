package dev.weir.benchmarks;

import dev.weir.benchmarks.harness.Benchmark;
import dev.weir.benchmarks.harness.Console;
import dev.weir.benchmarks.harness.Option;
import dev.weir.benchmarks.harness.Options;
import dev.weir.benchmarks.harness.UsageFailure;
import dev.weir.benchmarks.report.Fact;
import dev.weir.benchmarks.report.Machine;
import dev.weir.benchmarks.report.Report;
import dev.weir.benchmarks.report.ReportFiles;
import dev.weir.benchmarks.report.TextReport;
import dev.weir.benchmarks.server.Tree;
import dev.weir.benchmarks.server.Workspace;
import dev.weir.gateway.terminal.Terminal;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** The command line of {@code weir bench}. */
public final class Main {

  static final int SOUND = 0;
  static final int FAILED = 1;
  static final int MISUSED = 2;

  private static final List<Option> COMMON = List.of(
      new Option("report", "DIR", "", "where reports are kept; else bench-reports in the tree"),
      Option.flag("no-report", "keep none"));

  private final PrintStream out;
  private final PrintStream err;
  private final Console console;
  private final InstantSource clock;

  Main(PrintStream out, PrintStream err, boolean terminal, InstantSource clock) {
    this.out = out;
    this.err = err;
    this.console = new Console(out, terminal);
    this.clock = clock;
  }

  /** Runs one benchmark; ends the process with 0, 1 for figures that are worth nothing, 2 for misuse. */
  public static void main(String... words) throws Exception {
    Main main = new Main(System.out, System.err, Terminal.is(System.out), InstantSource.system());
    System.exit(main.run(List.of(words)));
  }

  int run(List<String> words) throws Exception {
    String name = words.isEmpty() ? "help" : words.get(0);
    List<String> rest = words.isEmpty() ? words : words.subList(1, words.size());
    try {
      if (name.equals("help") || name.equals("--help") || name.equals("-h")) {
        out.print(rest.isEmpty() ? help() : benchmark(rest.get(0)).help(COMMON));
        return SOUND;
      }
      Benchmark benchmark = benchmark(name);
      if (rest.contains("--help") || rest.contains("-h")) {
        out.print(benchmark.help(COMMON));
        return SOUND;
      }
      return run(benchmark, rest);
    } catch (UsageFailure failure) {
      err.println("weir bench: " + failure.getMessage());
      return MISUSED;
    } catch (IllegalStateException failure) {
      // A server that does not start, or refuses, says enough by its words.
      console.say("");
      err.println("weir bench: " + failure.getMessage());
      return FAILED;
    }
  }

  private static Benchmark benchmark(String name) {
    return Benchmarks.named(name)
        .orElseThrow(() ->
            new UsageFailure("there is no '%s'; 'weir bench help' lists what is".formatted(name)));
  }

  private int run(Benchmark benchmark, List<String> words) throws Exception {
    List<Option> declared = new ArrayList<>(benchmark.options());
    declared.addAll(COMMON);
    Options options = Options.parse(declared, words);
    Path directory = Tree.reports(options);
    List<Fact> surroundings =
        new ArrayList<>(Machine.facts(Tree.root(), Workspace.parent(options), clock.instant()));
    surroundings.add(new Fact("command", "weir bench " + benchmark.name() + " " + shown(words)));
    Report report = benchmark.body().run(options, console);
    console.say("");
    out.print(TextReport.of(report, surroundings));
    if (!options.flag("no-report")) {
      out.println("report: " + ReportFiles.write(directory, report, surroundings, clock.instant()));
    }
    return report.faults().isEmpty() ? SOUND : FAILED;
  }

  /** Without the key, which nobody else should read. */
  private static String shown(List<String> words) {
    List<String> shown = new ArrayList<>(words);
    for (int i = 0; i < shown.size(); i++) {
      if (shown.get(i).startsWith("--key=")) {
        shown.set(i, "--key=…");
      } else if (i > 0 && shown.get(i - 1).equals("--key")) {
        shown.set(i, "…");
      }
    }
    return String.join(" ", shown);
  }

  private static String help() {
    StringBuilder text = new StringBuilder("""
        weir bench: measures Weir, and what it is compared with, on this machine.

        """);
    for (Benchmark benchmark : Benchmarks.ALL) {
      text.append(String.format("  weir bench %-10s %s%n", benchmark.name(), benchmark.meaning()));
    }
    return text.append("""

        'weir bench WHAT --help' shows its options. Reports are text and one HTML file each, with the
        machine, the flags and what an acknowledgement means; exit code 1 says that what was
        acknowledged is not what was counted.
        """).toString();
  }
}
