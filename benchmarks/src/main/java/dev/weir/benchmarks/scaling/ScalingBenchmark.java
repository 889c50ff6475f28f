package dev.weir.benchmarks.scaling;

import dev.weir.benchmarks.harness.Benchmark;
import dev.weir.benchmarks.harness.Console;
import dev.weir.benchmarks.harness.Option;
import dev.weir.benchmarks.harness.Options;
import dev.weir.benchmarks.ingest.EventLoad;
import dev.weir.benchmarks.ingest.EventLoadResult;
import dev.weir.benchmarks.ingest.IngestBenchmark;
import dev.weir.benchmarks.ingest.Level;
import dev.weir.benchmarks.ingest.LoadSettings;
import dev.weir.benchmarks.ingest.ServerUnderLoad;
import dev.weir.benchmarks.ingest.WeirEvents;
import dev.weir.benchmarks.report.Fact;
import dev.weir.benchmarks.report.Figure;
import dev.weir.benchmarks.report.Report;
import dev.weir.benchmarks.report.Section;
import dev.weir.benchmarks.server.Target;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How capacity and the cost of an event change with one thing at a time. Each value has a Weir of its
 * own, so that what one leaves behind does not weigh on the next.
 */
public final class ScalingBenchmark {

  public static final Benchmark SCALING = new Benchmark(
      "scaling",
      "capacity and cost of an event against one thing that grows",
      options(),
      ScalingBenchmark::run);

  /** Below capacity, so that the cost of an event is not that of queues. */
  private static final long PERCENT_OF_CAPACITY = 70;

  private final Options options;
  private final Console console;
  private final LoadSettings settings;
  private final Dimension dimension;
  private final List<List<String>> rows = new ArrayList<>();
  private final List<String> checks = new ArrayList<>();
  private final List<String> faults = new ArrayList<>();
  private int eventBytes;
  private String server = "";

  private ScalingBenchmark(Options options, Console console) {
    this.options = options;
    this.console = console;
    this.settings = LoadSettings.of(options);
    this.dimension = options.choice("over", Dimension.class);
  }

  private static List<Option> options() {
    List<Option> all = new ArrayList<>(List.of(
        new Option(
            "over", "WHAT", "batch", "what grows: batch, subjects, meters, groups, lanes, journal"),
        new Option("values", "N,…", "", "its values; else some that tell")));
    for (Option option : LoadSettings.withServer("max", "1000", "8")) {
      switch (option.name()) {
        case "url", "key", "parts" -> {}
        case "seconds" -> all.add(option.withFallback("10"));
        case "warm-up" -> all.add(option.withFallback("15"));
        default -> all.add(option);
      }
    }
    return List.copyOf(all);
  }

  private static Report run(Options options, Console console) throws Exception {
    return new ScalingBenchmark(options, console).measure();
  }

  private Report measure() throws Exception {
    List<Long> values = options.isGiven("values") ? options.numbers("values") : dimension.usual();
    for (long value : values) {
      measure(value);
    }
    List<Fact> facts = new ArrayList<>();
    for (Fact fact : settings.facts(eventBytes)) {
      facts.add(
          fact.name().equals(dimension.fact())
              ? new Fact(fact.name(), fact.value() + "; but " + dimension.meaning() + " as below")
              : fact);
    }
    facts.add(new Fact("what grows", dimension.meaning()));
    facts.add(new Fact("Weir", server));
    facts.add(new Fact("an acknowledged event is", IngestBenchmark.ACKNOWLEDGEMENT));
    return new Report(
        "scaling",
        "Weir against " + dimension.meaning(),
        facts,
        List.of(table(), new Section.Text("Checked", checks)),
        faults);
  }

  private void measure(long value) throws Exception {
    LoadSettings own = dimension.load(settings, value);
    String name = String.format(Locale.ROOT, "%,d %s", value, dimension.meaning());
    try (WeirEvents weir = new WeirEvents(
        Target.weir(options, dimension.server(value), console),
        own.shape(),
        own.meters(),
        InstantSource.system())) {
      eventBytes = weir.eventBytes();
      server = weir.target().meaning();
      if (dimension == Dimension.JOURNAL && value > 0) {
        console.progress(name + ": sending them");
        check(name, weir.seed(value));
      }
      EventLoadResult result =
          new EventLoad(weir, own, console, name).run(List.of(PERCENT_OF_CAPACITY));
      Level level = result.first();
      rows.add(List.of(
          String.format(Locale.ROOT, "%,d", value),
          result.capacity() == 0 ? "–" : String.format(Locale.ROOT, "%,d", result.capacity()),
          shown(level.rate()),
          shown(level.latency(50, "p50")),
          shown(level.latency(99, "p99")),
          shown(level.processorTime()),
          shown(level.residentMemory())));
      level.runs().forEach(run -> check(name, run.check()));
      faults.addAll(result.faults());
    }
  }

  private void check(String name, ServerUnderLoad.Check check) {
    checks.add(name + ": " + check.text() + ".");
    if (!check.holds()) {
      faults.add(name + ": " + check.text());
    }
  }

  private static String shown(Figure figure) {
    return figure.shown(figure.median());
  }

  private Section table() {
    return new Section.Table(
        "Medians; latency and cost at "
            + (settings.rate() == LoadSettings.FIND_CAPACITY
                ? PERCENT_OF_CAPACITY + " % of capacity"
                : "the given rate"),
        List.of(
            dimension.meaning(),
            "capacity, events/s",
            "measured at, events/s",
            "p50 ms",
            "p99 ms",
            "processor time µs/event",
            "resident MiB"),
        rows);
  }
}
