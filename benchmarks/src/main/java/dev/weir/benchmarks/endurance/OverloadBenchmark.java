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
import dev.weir.benchmarks.load.LoadPlan;
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
import java.util.Set;
import java.util.TreeMap;

/** More events than Weir takes, for long: what it refuses, what it keeps, and how it recovers. */
public final class OverloadBenchmark {

  public static final Benchmark OVERLOAD = new Benchmark(
      "overload",
      "several times what Weir takes, for long: refusals, memory, recovery",
      options(),
      OverloadBenchmark::run);

  /** Too many, or not now; besides an acknowledgement anything else is no clean answer. */
  private static final Set<Integer> REFUSALS = Set.of(429, 503);

  private static final long RECOVERY_SECONDS = 30;
  private static final long RECOVERY_LOOK_SECONDS = 120;
  private static final int PARTS = 20;

  private OverloadBenchmark() {}

  private static List<Option> options() {
    List<Option> all = new ArrayList<>(List.of(
        new Option("rate", "N|max", "max", "its capacity in events a second; max finds it out"),
        new Option("factor", "N", "3", "times its capacity that is offered")));
    for (Option option : LoadSettings.withServer("max", "1000", "512")) {
      switch (option.name()) {
        case "rate", "runs", "parts" -> {}
        case "seconds" -> all.add(option.withFallback("600"));
        default -> all.add(option);
      }
    }
    return List.copyOf(all);
  }

  private static Report run(Options options, Console console) throws Exception {
    LoadSettings settings = LoadSettings.of(options);
    long factor = options.number("factor", 2, 100);
    try (WeirEvents weir = new WeirEvents(
        Target.weir(options, console),
        settings.shape(),
        settings.meters(),
        InstantSource.system())) {
      long capacity = new EventLoad(weir, settings, console, "weir").capacity();
      long offered = Math.multiplyExact(capacity, factor);
      LoadPlan usual = settings.plan(weir.target(), capacity).lasting(0, settings.measuredMillis());
      String line = String.format(Locale.ROOT, "weir: %,d events/s offered", offered);
      EnduranceLoad load = EnduranceLoad.run(weir, usual.at(offered), console, line);
      console.progress("weir: recovering");
      Recovery recovery = Recovery.await(
          weir, usual.at(Math.max(1, capacity / 2)), load.endedNanos(), RECOVERY_LOOK_SECONDS);
      ServerUnderLoad.Check check = weir.check();
      List<Fact> facts =
          new ArrayList<>(settings.at(offered).startingWarmAt(offered).facts(weir.eventBytes()));
      facts.add(new Fact("offered", factor + " times " + meaning(settings, capacity)));
      facts.add(new Fact("Weir", weir.target().meaning()));
      facts.add(new Fact("an acknowledged event is", IngestBenchmark.ACKNOWLEDGEMENT));
      Course course =
          Course.of(load.looks(), Math.max(1, settings.measuredMillis() / 1_000 / PARTS));
      return new Report(
          "overload",
          "Weir: overload",
          facts,
          sections(load.load(), course, recovery, check),
          faults(load.load(), course, recovery, check));
    }
  }

  private static String meaning(LoadSettings settings, long capacity) {
    return String.format(
        Locale.ROOT,
        settings.rate() == LoadSettings.FIND_CAPACITY
            ? "its capacity of %,d events/s, searched just before"
            : "%,d events/s, as given",
        capacity);
  }

  private static String offered(LoadResult load) {
    return String.format(
        Locale.ROOT,
        "%,d events/s were offered, %.1f times what was acknowledged.",
        load.plan().eventsPerSecond(),
        load.plan().eventsPerSecond() / Math.max(1, load.eventsPerSecond()));
  }

  private static List<Section> sections(
      LoadResult load, Course course, Recovery recovery, ServerUnderLoad.Check check) {
    return List.of(
        new Section.Text(
            "What came of it",
            List.of(
                offered(load),
                String.format(
                    Locale.ROOT,
                    "%,.0f events/s were acknowledged, p50 %.1f ms, p99 %.1f ms after they were due;"
                        + " requests left late by p99 %.1f ms.",
                    load.eventsPerSecond(),
                    load.latencies().getValueAtPercentile(50) / 1e3,
                    load.latencies().getValueAtPercentile(99) / 1e3,
                    load.departures().getValueAtPercentile(99) / 1e3),
                "Answers: " + answers(load) + ".",
                recovery.text(),
                check.text() + ".")),
        course.section(),
        new Section.Percentiles(
            "Latency of what was acknowledged, from when it was due",
            Map.of("overload", load.latencies())));
  }

  private static String answers(LoadResult load) {
    Map<Integer, Long> others = new TreeMap<>(load.others());
    List<String> words = new ArrayList<>();
    words.add(String.format(Locale.ROOT, "as wanted %,d", load.wanted()));
    others.forEach((status, count) -> words.add(
        String.format(Locale.ROOT, "%s %,d", status == 0 ? "none" : "status " + status, count)));
    words.add(String.format(Locale.ROOT, "never sent %,d", load.unsent()));
    return String.join(", ", words);
  }

  private static List<String> faults(
      LoadResult load, Course course, Recovery recovery, ServerUnderLoad.Check check) {
    List<String> faults = new ArrayList<>(course.growth());
    if (!check.holds()) {
      faults.add(check.text());
    }
    if (!REFUSALS.containsAll(load.others().keySet())) {
      faults.add("not all answers were clean: " + answers(load));
    }
    if (!recovery.happened() || recovery.seconds() > RECOVERY_SECONDS) {
      faults.add(recovery.text());
    }
    return faults;
  }
}
