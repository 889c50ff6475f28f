package dev.weir.benchmarks.reads;

import dev.weir.benchmarks.harness.Benchmark;
import dev.weir.benchmarks.harness.Console;
import dev.weir.benchmarks.harness.Option;
import dev.weir.benchmarks.harness.Options;
import dev.weir.benchmarks.harness.UsageFailure;
import dev.weir.benchmarks.ingest.EventLoad;
import dev.weir.benchmarks.ingest.EventLoadResult;
import dev.weir.benchmarks.ingest.LoadSettings;
import dev.weir.benchmarks.ingest.ServerUnderLoad;
import dev.weir.benchmarks.ingest.WeirEvents;
import dev.weir.benchmarks.report.Fact;
import dev.weir.benchmarks.report.Report;
import dev.weir.benchmarks.report.Section;
import dev.weir.benchmarks.server.Target;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Reads over HTTP, one kind after another. */
public final class RestBenchmark {

  private static final List<String> KINDS = List.of("query", "bill", "preview");

  public static final Benchmark REST = new Benchmark(
      "rest",
      "reads over HTTP: usage query, running bill, price preview",
      options(),
      RestBenchmark::run);

  private RestBenchmark() {}

  private static List<Option> options() {
    List<Option> options = new ArrayList<>();
    options.add(new Option("reads", "WHAT,…", String.join(",", KINDS), "kinds, one after another"));
    options.add(new Option("events", "N", "100_000", "sent before"));
    options.addAll(LoadSettings.withServer("1000", "1000", "32"));
    return options;
  }

  private static List<String> kinds(Options options) {
    List<String> kinds =
        Arrays.stream(options.text("reads").split(",", -1)).map(String::strip).toList();
    if (!KINDS.containsAll(kinds)) {
      throw new UsageFailure("--reads must be some of %s, not '%s'"
          .formatted(String.join(",", KINDS), options.text("reads")));
    }
    return kinds;
  }

  private static Report run(Options options, Console console) throws Exception {
    LoadSettings settings = LoadSettings.of(options);
    long events = options.number("events", 1, 1_000_000_000L);
    List<String> kinds = kinds(options);
    List<Section> sections = new ArrayList<>();
    List<String> faults = new ArrayList<>();
    List<Fact> facts = new ArrayList<>();
    InstantSource clock = InstantSource.system();
    try (WeirEvents weir =
        new WeirEvents(Target.weir(options, console), settings.shape(), settings.meters(), clock)) {
      console.progress("rest: sending events to ask about");
      ServerUnderLoad.Check seeded = weir.seed(events);
      if (!seeded.holds()) {
        faults.add(seeded.text());
      }
      facts.addAll(settings.facts("one question each"));
      facts.add(new Fact("usage asked about", seeded.text()));
      facts.add(new Fact("Weir", weir.target().meaning()));
      Questions questions =
          new Questions(weir.target().client(), weir.meter(), settings.shape().subjects());
      for (String kind : kinds) {
        WeirReads reads = new WeirReads(weir.target(), asked(questions, kind, clock));
        EventLoadResult result = new EventLoad(reads, settings.withBatch(1), console, kind).run();
        result.sections().forEach(section -> sections.add(section.titled(kind)));
        faults.addAll(result.faults());
      }
    }
    return new Report("rest", "Reads over HTTP", facts, sections, faults);
  }

  private static List<Question> asked(Questions questions, String kind, InstantSource clock)
      throws InterruptedException {
    return switch (kind) {
      case "query" -> questions.queries();
      case "bill" -> questions.bills(clock.instant());
      default -> questions.previews();
    };
  }
}
