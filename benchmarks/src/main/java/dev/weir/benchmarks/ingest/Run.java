package dev.weir.benchmarks.ingest;

import dev.weir.benchmarks.load.Exchange;
import dev.weir.benchmarks.load.LoadResult;
import dev.weir.benchmarks.report.CoreSpeed;
import dev.weir.benchmarks.server.ServerUse;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * One measured run.
 *
 * @param coreSpeed of the machine just before it, as {@link CoreSpeed#atOnce} has it
 */
public record Run(
    double coreSpeed,
    LoadResult load,
    ServerUse server,
    Visibility visible,
    ServerUnderLoad.Check check) {

  private static final long VISIBLE_MICROS_MAX = 1_000_000;

  /** Why the rate was not sustained; empty if it was. */
  List<String> shortfalls() {
    List<String> shortfalls = shortfalls(load, visible, server.to().unindexedEvents());
    if (!check.holds()) {
      shortfalls.add(check.text());
    }
    return shortfalls;
  }

  /**
   * Why the server did not sustain the rate; empty if it did: it was in time, refused nothing and failed no
   * query, what it had acknowledged was visible within a second, and its event explorer was not further
   * behind in the end.
   *
   * @param unindexedEvents that the explorer did not find at the end
   */
  static List<String> shortfalls(LoadResult load, Visibility visible, long unindexedEvents) {
    List<String> shortfalls = new ArrayList<>();
    if (!load.keptUp()) {
      shortfalls.add(String.format(
          Locale.ROOT, "%.2f %% done in time, not all within a second", load.achieved() * 100));
    }
    long refused = load.others().entrySet().stream()
        .filter(answers -> answers.getKey() != Exchange.NO_ANSWER)
        .mapToLong(Map.Entry::getValue)
        .sum();
    if (refused > 0) {
      shortfalls.add(String.format(Locale.ROOT, "%,d measured requests refused", refused));
    }
    if (visible.failures() > 0) {
      shortfalls.add(String.format(
          Locale.ROOT, "queries and running bills that failed: %,d", visible.failures()));
    }
    addIfLate(shortfalls, "visible", visible.usage());
    addIfLate(shortfalls, "in the running bill", visible.bill());
    // Where nothing becomes visible, as of reads, nothing is sent that must be indexed.
    if (visible.usage().getTotalCount() > 0 && unindexedEvents > load.plan().eventsPerSecond()) {
      shortfalls.add(
          String.format(Locale.ROOT, "%,d events not in the explorer at the end", unindexedEvents));
    }
    return shortfalls;
  }

  private static void addIfLate(List<String> shortfalls, String where, Histogram visible) {
    long micros = visible.getValueAtPercentile(99);
    if (micros > VISIBLE_MICROS_MAX) {
      shortfalls.add(
          String.format(Locale.ROOT, "%s only after p99 of %,d ms", where, micros / 1_000));
    }
  }

  /** The same with a remark on what was compared. */
  Run noting(String remark) {
    return new Run(
        coreSpeed,
        load,
        server,
        visible,
        new ServerUnderLoad.Check(check.holds(), check.text() + "; " + remark));
  }
}
