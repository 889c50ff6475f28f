package dev.weir.benchmarks.ingest;

import dev.weir.benchmarks.load.Exchange;
import dev.weir.benchmarks.load.LoadResult;
import dev.weir.benchmarks.report.Figure;
import dev.weir.benchmarks.report.Section;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.HdrHistogram.Histogram;

/**
 * Runs at one rate.
 *
 * @param name as a report has it
 */
public record Level(
    String name, ServerUnderLoad.Words words, long eventsPerSecond, List<Run> runs) {

  public Level {
    runs = List.copyOf(runs);
  }

  /** Events that were acknowledged, each second. */
  public Figure rate() {
    return figure(words.done(), words.unit(), 0, run -> run.load().eventsPerSecond());
  }

  /** Latency of acknowledgements at a percentile. */
  public Figure latency(double percentile, String which) {
    return figure(
        words.done() + " after, " + which,
        "ms",
        2,
        run -> run.load().latencies().getValueAtPercentile(percentile) / 1e3);
  }

  /** Everything that was measured at this rate. */
  Section figures() {
    List<Figure> figures = new ArrayList<>(List.of(
        rate(),
        figure("requests", "requests/s", 0, run -> run.load().requestsPerSecond()),
        figure("done, of what was due", "%", 2, run -> run.load().achieved() * 100),
        latency(50, "p50"),
        latency(95, "p95"),
        latency(99, "p99"),
        latency(99.9, "p99.9"),
        latency(100, "max"),
        figure(
            "left late by, p99",
            "ms",
            2,
            run -> run.load().departures().getValueAtPercentile(99) / 1e3),
        figure("senders' processor time", "cores", 2, run -> run.load().senderCores()),
        figure("speed of each core before", "M steps/s", 0, Run::coreSpeed)));
    addVisible(figures, "visible after", Visibility::usage);
    addVisible(figures, "in the running bill after", Visibility::bill);
    if (runs.stream().allMatch(run -> run.server().isKnown())) {
      addServer(figures);
    }
    return Section.figures(name + notSustained(), figures);
  }

  /** Unless nothing becomes visible there. */
  private void addVisible(
      List<Figure> figures, String what, Function<Visibility, Histogram> micros) {
    if (runs.stream().allMatch(run -> micros.apply(run.visible()).getTotalCount() > 0)) {
      for (int percentile : List.of(50, 99)) {
        figures.add(figure(
            what + ", p" + percentile,
            "ms",
            1,
            run -> micros.apply(run.visible()).getValueAtPercentile(percentile) / 1e3));
      }
    }
  }

  private void addServer(List<Figure> figures) {
    figures.add(
        figure("server's processor time", "cores", 2, run -> run.server().cores()));
    figures.add(figure(
        "its PostgreSQL's processor time", "cores", 2, run -> run.server().databaseCores()));
    figures.add(processorTime());
    figures.add(residentMemory());
    addUnlessNothing(figures, unindexed());
    addUnlessNothing(
        figures, figure("heap in use at the end", "MiB", 0, run -> run.server().heapMib()));
    addUnlessNothing(
        figures,
        figure(
            "pauses of the collector", "ms/s", 2, run -> run.server().collectorMillisEachSecond()));
  }

  /** What the index of the event explorer is behind, just after the last answer. */
  private Figure unindexed() {
    return figure("not in the explorer at the end", "events", 0, run ->
        (double) run.server().to().unindexedEvents());
  }

  /** Of the server and its PostgreSQL; zero if it is not our process. */
  public Figure processorTime() {
    return figure(
        "processor time for each",
        "µs",
        2,
        run -> run.server()
            .cpuMicrosEach((double) run.load().wanted() * run.load().plan().eventsPerRequest()));
  }

  public Figure residentMemory() {
    return figure("resident memory", "MiB", 0, run -> run.server().residentMib());
  }

  /** A sink has no PostgreSQL and says nothing about its heap. */
  private static void addUnlessNothing(List<Figure> figures, Figure figure) {
    if (figure.max() > 0) {
      figures.add(figure);
    }
  }

  private Figure figure(String figure, String unit, int decimals, ToDoubleFunction<Run> value) {
    return Figure.of(figure, unit, decimals, runs.stream().mapToDouble(value).toArray());
  }

  /** Said where the figures are, as medians do not show it; empty where all runs sustained the rate. */
  private String notSustained() {
    long runsBelow = runs.stream().filter(run -> !run.shortfalls().isEmpty()).count();
    return runsBelow == 0
        ? ""
        : String.format(
            Locale.ROOT, ", which %d of %d runs did not sustain", runsBelow, runs.size());
  }

  /** All runs' latencies in one. */
  Histogram latencies() {
    Histogram all = new Histogram(runs.get(0).load().latencies());
    runs.forEach(run -> all.add(run.load().latencies()));
    return all;
  }

  /** Answers that were not wanted, by status, with requests that were never sent. */
  String otherAnswers() {
    Map<String, Long> others = new TreeMap<>();
    long unsent = 0;
    for (Run run : runs) {
      LoadResult load = run.load();
      unsent += load.unsent();
      load.others()
          .forEach((status, count) -> others.merge(
              status == Exchange.NO_ANSWER ? "no answer" : "status " + status, count, Long::sum));
    }
    if (unsent > 0) {
      others.put("never sent", unsent);
    }
    StringBuilder text = new StringBuilder();
    others.forEach((what, count) -> text.append(text.isEmpty() ? "" : ", ")
        .append(String.format(Locale.ROOT, "%s %,d", what, count)));
    return text.isEmpty() ? "none" : text.toString();
  }
}
