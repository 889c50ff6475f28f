package dev.weir.benchmarks.endurance;

import dev.weir.benchmarks.harness.Benchmark;
import dev.weir.benchmarks.harness.Console;
import dev.weir.benchmarks.harness.Option;
import dev.weir.benchmarks.harness.Options;
import dev.weir.benchmarks.ingest.EventLoad;
import dev.weir.benchmarks.ingest.IngestBenchmark;
import dev.weir.benchmarks.ingest.LoadSettings;
import dev.weir.benchmarks.ingest.ServerUnderLoad;
import dev.weir.benchmarks.ingest.WeirEvents;
import dev.weir.benchmarks.load.LoadResult;
import dev.weir.benchmarks.report.Fact;
import dev.weir.benchmarks.report.Report;
import dev.weir.benchmarks.report.Section;
import dev.weir.benchmarks.server.Target;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A load that Weir takes, for long: whether heap, memory, threads or files grow. */
public final class SoakBenchmark {

  public static final Benchmark SOAK = new Benchmark(
      "soak",
      "a load that Weir takes, for long: whether memory, threads or files grow",
      options(),
      SoakBenchmark::run);

  private static final int PARTS = 30;
  private static final int PERCENT_OF_CAPACITY = 70;

  private SoakBenchmark() {}

  private static List<Option> options() {
    List<Option> all = new ArrayList<>();
    for (Option option : LoadSettings.withServer("max", "100", "16")) {
      switch (option.name()) {
        case "rate" ->
          all.add(new Option(
              "rate", "N|max", "max", "events a second; max finds its capacity and takes 70 %"));
        case "runs", "parts" -> {}
        case "seconds" -> all.add(option.withFallback("1800"));
        case "warm-up" -> all.add(option.withFallback("60"));
        default -> all.add(option);
      }
    }
    return List.copyOf(all);
  }

  private static Report run(Options options, Console console) throws Exception {
    LoadSettings asked = LoadSettings.of(options);
    try (WeirEvents weir = new WeirEvents(
        Target.weir(options, console), asked.shape(), asked.meters(), InstantSource.system())) {
      Fact taken = new Fact("rate", "as given");
      LoadSettings settings = asked;
      if (asked.rate() == LoadSettings.FIND_CAPACITY) {
        long capacity = new EventLoad(weir, asked, console, "weir").capacity();
        settings = asked.at(Math.max(1, capacity * PERCENT_OF_CAPACITY / 100));
        taken = new Fact("rate", partOf(capacity));
      }
      String line = String.format(Locale.ROOT, "weir: %,d events/s", settings.rate());
      EnduranceLoad load =
          EnduranceLoad.run(weir, settings.plan(weir.target(), settings.rate()), console, line);
      ServerUnderLoad.Check check = weir.check();
      Course course =
          Course.of(load.looks(), Math.max(1, settings.measuredMillis() / 1_000 / PARTS));
      List<Fact> facts = new ArrayList<>(settings.facts(weir.eventBytes()));
      facts.add(taken);
      facts.add(new Fact("Weir", weir.target().meaning()));
      facts.add(new Fact("an acknowledged event is", IngestBenchmark.ACKNOWLEDGEMENT));
      return new Report(
          "soak",
          "Weir: soak",
          facts,
          List.of(
              text(load.load(), course, check),
              course.section(),
              new Section.Percentiles("Latency", Map.of("soak", load.load().latencies()))),
          faults(load.load(), course, check));
    }
  }

  private static String partOf(long capacity) {
    return String.format(
        Locale.ROOT,
        "%d %% of its capacity of %,d events/s, searched just before",
        PERCENT_OF_CAPACITY,
        capacity);
  }

  private static Section text(LoadResult load, Course course, ServerUnderLoad.Check check) {
    String growth = !course.isLongEnough()
        ? "Too short to tell whether anything grew."
        : course.growth().isEmpty()
            ? "Nothing grew but the memory of identities, which are kept over the horizon."
            : "Grown: " + String.join("; ", course.growth()) + ".";
    return new Section.Text(
        "What came of it",
        List.of(
            String.format(
                Locale.ROOT,
                "%,.0f events/s were acknowledged, p50 %.2f, p99 %.2f, p99.9 %.2f, at most %.0f ms"
                    + " after they were due.",
                load.eventsPerSecond(),
                load.latencies().getValueAtPercentile(50) / 1e3,
                load.latencies().getValueAtPercentile(99) / 1e3,
                load.latencies().getValueAtPercentile(99.9) / 1e3,
                load.latencies().getMaxValue() / 1e3),
            growth,
            check.text() + "."));
  }

  private static List<String> faults(LoadResult load, Course course, ServerUnderLoad.Check check) {
    List<String> faults = new ArrayList<>(course.growth());
    if (!check.holds()) {
      faults.add(check.text());
    }
    if (load.wanted() != load.due()) {
      faults.add(String.format(
          Locale.ROOT,
          "%,d of %,d requests were not acknowledged: %s",
          load.due() - load.wanted(),
          load.due(),
          load.others()));
    }
    return faults;
  }
}
