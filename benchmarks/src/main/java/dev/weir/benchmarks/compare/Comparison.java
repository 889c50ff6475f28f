package dev.weir.benchmarks.compare;

import dev.weir.benchmarks.harness.Benchmark;
import dev.weir.benchmarks.harness.Console;
import dev.weir.benchmarks.harness.Contender;
import dev.weir.benchmarks.harness.Option;
import dev.weir.benchmarks.harness.Options;
import dev.weir.benchmarks.harness.Reason;
import dev.weir.benchmarks.harness.UsageFailure;
import dev.weir.benchmarks.report.Fact;
import dev.weir.benchmarks.report.Figure;
import dev.weir.benchmarks.report.Report;
import dev.weir.benchmarks.report.Section;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Measures Weir and others one after another. */
public final class Comparison {

  private static final String WITH = "with";
  private static final String NOTHING = "–";

  /** What is not given finds each one's capacity, in so little time that all end within 12 minutes. */
  private static final Map<String, String> FALLBACKS = Map.of(
      "rate", "max",
      "runs", "5",
      "seconds", "3",
      "step", "2",
      "hold", "8",
      "parts", "100,70",
      "database-connections", "2,4");

  private final Contender weir;
  private final List<Contender> others;

  private Comparison(Contender weir, List<Contender> others) {
    this.weir = weir;
    this.others = List.copyOf(others);
  }

  /** The benchmark that compares Weir with all or some of these. */
  public static Benchmark with(Contender weir, List<Contender> others) {
    Comparison comparison = new Comparison(weir, others);
    return new Benchmark(
        "compare",
        "Weir and the others in the same run, as ratios",
        comparison.options(),
        comparison::run);
  }

  /** Of one name the first counts: Weir's. */
  private List<Option> options() {
    Map<String, Option> options = new LinkedHashMap<>();
    options.put(WITH, new Option(WITH, "WHAT,…", names(), "what Weir is compared with"));
    weir.options().forEach(option -> options.put(option.name(), option));
    others.forEach(contender ->
        contender.options().forEach(option -> options.putIfAbsent(option.name(), option)));
    FALLBACKS.forEach((name, fallback) ->
        options.computeIfPresent(name, (same, option) -> option.withFallback(fallback)));
    return List.copyOf(options.values());
  }

  private String names() {
    return others.stream().map(Contender::name).collect(Collectors.joining(","));
  }

  private List<Contender> chosen(Options options) {
    List<Contender> chosen = new ArrayList<>();
    for (String name : Arrays.asList(options.text(WITH).split(",", -1))) {
      chosen.add(others.stream()
          .filter(contender -> contender.name().equals(name.strip()))
          .findFirst()
          .orElseThrow(() ->
              new UsageFailure("--with must be some of %s, not '%s'".formatted(names(), name))));
    }
    chosen.add(weir);
    return chosen;
  }

  private Report run(Options options, Console console) throws Exception {
    Map<Contender, Contender.Measured> all = new LinkedHashMap<>();
    Map<Contender, String> missing = new LinkedHashMap<>();
    for (Contender contender : chosen(options)) {
      try {
        all.put(contender, contender.measure().run(options, console));
      } catch (InterruptedException | UsageFailure e) {
        throw e;
      } catch (Exception e) {
        // The others can still be measured.
        missing.put(contender, Reason.of(e));
        console.say(contender.name() + " was not measured: " + Reason.of(e));
      }
    }
    return report(all, missing);
  }

  private Report report(Map<Contender, Contender.Measured> all, Map<Contender, String> missing) {
    Contender.@Nullable Measured weirs = all.get(weir);
    @Nullable Figure own = weirs == null ? null : weirs.rate();
    List<List<String>> rows = new ArrayList<>();
    List<Section> sections = new ArrayList<>();
    List<Fact> facts = new ArrayList<>();
    List<String> faults = new ArrayList<>();
    all.forEach((contender, measured) -> {
      rows.add(row(contender, measured.rate(), own));
      facts.add(
          new Fact(contender.name() + ": an acknowledged event is", contender.acknowledgement()));
      measured
          .facts()
          .forEach(
              fact -> facts.add(new Fact(contender.name() + ": " + fact.name(), fact.value())));
      measured.sections().forEach(section -> sections.add(section.titled(contender.name())));
      measured.faults().forEach(fault -> faults.add(contender.name() + ": " + fault));
    });
    missing.forEach((contender, reason) -> {
      rows.add(row(contender, reason));
      faults.add(contender.name() + " was not measured: " + reason);
    });
    sections.add(
        0,
        new Section.Table(
            "Events a second, and Weir as a ratio to each",
            List.of("", "median", "min", "max", "runs", "Weir / it"),
            rows));
    return new Report("compare", "Weir compared in the same run", facts, sections, faults);
  }

  private static List<String> row(Contender contender, Figure rate, @Nullable Figure own) {
    return List.of(
        contender.title(),
        rate.shown(rate.median()),
        rate.shown(rate.min()),
        rate.shown(rate.max()),
        Integer.toString(rate.runs().size()),
        own == null
            ? NOTHING
            : String.format(Locale.ROOT, "%.2f", own.median() / Math.max(1e-9, rate.median())));
  }

  /** Of a reason its first line; the faults have all of it. */
  private static List<String> row(Contender contender, String reason) {
    return List.of(
        contender.title(), "not measured: " + Reason.line(reason), NOTHING, NOTHING, "0", NOTHING);
  }
}
