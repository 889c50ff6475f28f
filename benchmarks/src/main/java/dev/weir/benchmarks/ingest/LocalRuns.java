package dev.weir.benchmarks.ingest;

import dev.weir.benchmarks.load.ClosedLoop;
import dev.weir.benchmarks.report.Figure;
import dev.weir.benchmarks.report.Section;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** Runs of a closed loop, and what a report says of them. */
public final class LocalRuns {

  private final String name;
  private final List<ClosedLoop.Result> results = new ArrayList<>();

  public LocalRuns(String name) {
    this.name = name;
  }

  public void add(ClosedLoop.Result result) {
    results.add(result);
  }

  public Figure rate() {
    return Figure.of(
        name,
        "events/s",
        0,
        results.stream().mapToDouble(ClosedLoop.Result::eventsPerSecond).toArray());
  }

  /** Milliseconds of each step at a percentile. */
  private Figure latency(double percentile, String text) {
    return Figure.of(
        "each, " + text,
        "ms",
        3,
        results.stream()
            .mapToDouble(result -> result.micros().getValueAtPercentile(percentile) / 1e3)
            .toArray());
  }

  public Section figures() {
    return Section.figures(
        name, List.of(rate(), latency(50, "p50"), latency(99, "p99"), latency(99.9, "p99.9")));
  }

  /** All runs' steps in one. */
  public Map<String, Histogram> curve() {
    Histogram all = new Histogram(results.get(0).micros());
    results.forEach(result -> all.add(result.micros()));
    return Map.of(name, all);
  }
}
