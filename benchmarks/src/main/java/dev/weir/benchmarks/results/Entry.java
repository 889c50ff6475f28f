package dev.weir.benchmarks.results;

import dev.weir.benchmarks.harness.Benchmark;
import dev.weir.benchmarks.harness.Options;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One benchmark with its options, whose report is kept under a key.
 *
 * @param benchmark its name on the command line
 * @param options in the order in which the command has them
 * @param again whether it makes no runs itself and is quick enough to be made as often as there are runs
 */
record Entry(String key, String benchmark, Map<String, String> options, boolean again) {

  /** After ten seconds compilers still take a tenth of a core, and a search finds three quarters. */
  private static final String WARM = "warm-up=40";

  /** Everything that is published, in the order of the page; two to three hours on two cores. */
  static final List<Entry> ALL = List.of(
      of("ingest-1000", "ingest", "rate=max", "batch=1000", "seconds=10", WARM),
      of("ingest-100", "ingest", "rate=max", "batch=100", "connections=16", WARM),
      of("single", "single", "rate=max", WARM),
      of("single-h2c", "single", "rate=max", "protocol=h2c", "connections=2", WARM),
      of("compare", "compare", WARM),
      of("ingest-heap", "ingest", "rate=max", "batch=1000", "seconds=10", "heap=512m", WARM),
      of("start", "start"),
      of("rest", "rest", "rate=max"),
      of("dedup", "dedup", "sizes=1_000_000,10_000_000,30_000_000").repeated(),
      of("replay", "replay", "events=10_000_000", "hours=5").repeated(),
      of("micro", "micro"),
      scaling("batch", "connections=32"),
      scaling("subjects"),
      scaling("meters"),
      scaling("groups"),
      scaling("lanes"),
      scaling("journal"),
      of("explorer", "explorer", "events=10_000_000"),
      of("overload", "overload", "batch=10", "connections=6000", WARM),
      of("soak", "soak", "batch=1", "connections=64", WARM));

  Entry {
    if (!key.matches("[a-z0-9-]+")) {
      throw new IllegalArgumentException("no key: " + key);
    }
    options = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(options));
  }

  /**
   * One that is run once, or makes its runs itself.
   *
   * @param options as {@code name=value}
   */
  static Entry of(String key, String benchmark, String... options) {
    Map<String, String> all = new LinkedHashMap<>();
    for (String option : options) {
      int equals = option.indexOf('=');
      all.put(option.substring(0, equals), option.substring(equals + 1));
    }
    return new Entry(key, benchmark, all, false);
  }

  /** Short steps, as there are three to five servers each; the longest rate is kept up with for 8 s. */
  private static Entry scaling(String dimension, String... more) {
    List<String> options = new ArrayList<>(
        List.of("over=" + dimension, "step=2", "hold=8", "warm-up=10", "seconds=5"));
    options.addAll(List.of(more));
    return of("scaling-" + dimension, "scaling", options.toArray(String[]::new));
  }

  private Entry repeated() {
    return new Entry(key, benchmark, options, true);
  }

  /** The command line for so many runs, with more options, which come before its own. */
  List<String> words(Benchmark declared, long runs, Map<String, String> more) {
    Map<String, String> all = new LinkedHashMap<>(options);
    putIfDeclared(declared, all, "runs", Long.toString(runs));
    all.putAll(more);
    return all.entrySet().stream()
        .map(option -> "--" + option.getKey() + "=" + option.getValue())
        .toList();
  }

  private static void putIfDeclared(
      Benchmark declared, Map<String, String> all, String name, String value) {
    if (declared.options().stream().anyMatch(option -> option.name().equals(name))) {
      all.put(name, value);
    }
  }

  /** The same, read. */
  Options parsed(Benchmark declared, long runs, Map<String, String> more) {
    return Options.parse(declared.options(), words(declared, runs, more));
  }
}
