package dev.weir.benchmarks.replay;

import dev.weir.benchmarks.harness.Option;
import dev.weir.benchmarks.harness.Options;
import java.nio.file.Path;
import java.util.List;

/**
 * What journal to write and read back.
 *
 * @param directory of everything; the journal in it is written unless it is there already
 * @param events in all
 * @param hours that they spread over, evenly
 * @param subjects all alike
 * @param tenants in turn, a request each; the first is the one whose events are counted
 */
record ReplayLoad(Path directory, long events, int hours, int subjects, int tenants) {

  /** The options that {@link #of} reads. */
  static final List<Option> OPTIONS = List.of(
      new Option("dir", "DIR", "", "of a journal that is kept; else a fresh one that goes"),
      new Option("events", "N", "10_000_000", "in all"),
      new Option("hours", "N", "2", "that they spread over"),
      new Option("subjects", "N", "100", "all alike"),
      new Option("tenants", "N", "1", "in turn; the first one's events are counted"));

  static ReplayLoad of(Options options, Path directory) {
    return new ReplayLoad(
        directory,
        options.number("events", 1, 10_000_000_000L),
        options.count("hours"),
        options.count("subjects"),
        options.count("tenants"));
  }
}
