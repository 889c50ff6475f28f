package dev.weir.benchmarks.start;

import dev.weir.benchmarks.harness.Benchmark;
import dev.weir.benchmarks.harness.Console;
import dev.weir.benchmarks.harness.Option;
import dev.weir.benchmarks.harness.Options;
import dev.weir.benchmarks.ingest.BodyFormat;
import dev.weir.benchmarks.ingest.EventShape;
import dev.weir.benchmarks.ingest.IngestBenchmark;
import dev.weir.benchmarks.ingest.ServerUnderLoad;
import dev.weir.benchmarks.ingest.WeirEvents;
import dev.weir.benchmarks.report.Fact;
import dev.weir.benchmarks.report.Figure;
import dev.weir.benchmarks.report.Report;
import dev.weir.benchmarks.report.Section;
import dev.weir.benchmarks.server.Installation;
import dev.weir.benchmarks.server.Target;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** From the command to the first request that is taken. */
public final class StartBenchmark {

  /** A server that runs already cannot be started. */
  private static final Set<String> OF_RUNNING = Set.of("url", "key");

  public static final Benchmark START = new Benchmark(
      "start",
      "from the command to the first request: an empty directory, then one with a journal",
      options(),
      StartBenchmark::run);

  private static final EventShape SHAPE = new EventShape(BodyFormat.NDJSON, 1_000, 1_000, 20);

  private StartBenchmark() {}

  private static List<Option> options() {
    List<Option> all = new ArrayList<>(List.of(
        new Option("runs", "N", "5", "starts on the directory that was filled"),
        new Option("events", "N", "2_000_000", "journaled before them")));
    Target.options().stream()
        .filter(option -> !OF_RUNNING.contains(option.name()))
        .forEach(all::add);
    return List.copyOf(all);
  }

  private static Report run(Options options, Console console) throws Exception {
    int runs = options.count("runs");
    long events = options.number("events", 1, 1_000_000_000);
    try (Installation installation = Installation.fresh(options, Map.of())) {
      Filled first = fill(installation, events, console);
      List<Double> again = new ArrayList<>();
      for (int run = 1; run <= runs; run++) {
        console.progress("start " + run + " of " + runs);
        try (Target weir = installation.target()) {
          again.add(seconds(weir));
        }
      }
      return new Report(
          "start",
          "Weir: start",
          List.of(
              new Fact(
                  "journaled before", String.format(Locale.ROOT, "%,d events", first.events())),
              new Fact("an acknowledged event is", IngestBenchmark.ACKNOWLEDGEMENT),
              new Fact("Weir", installation.meaning()),
              new Fact("database", "embedded PostgreSQL, started and stopped with it")),
          List.of(Section.figures(
              "From the command to ready",
              List.of(
                  Figure.of("with an empty directory", "s", 2, first.seconds()),
                  new Figure("with a journal", "s", 2, again)))),
          List.of());
    }
  }

  /**
   * A directory that has a journal.
   *
   * @param seconds that the first start took
   * @param events that were journaled, at least as many as were asked for
   */
  private record Filled(double seconds, long events) {}

  private static Filled fill(Installation installation, long events, Console console)
      throws Exception {
    console.progress("the first start, on " + installation.meaning());
    try (Target weir = installation.target()) {
      console.progress("sending events");
      WeirEvents load = new WeirEvents(weir, SHAPE, 1, InstantSource.system());
      ServerUnderLoad.Check check = load.seed(events);
      if (!check.holds()) {
        throw new IllegalStateException(check.text());
      }
      return new Filled(seconds(weir), load.ledger().acceptedEvents());
    }
  }

  private static double seconds(Target weir) {
    return weir.readyAfter().toNanos() / 1e9;
  }
}
