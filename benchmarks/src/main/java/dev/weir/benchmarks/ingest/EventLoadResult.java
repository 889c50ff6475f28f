package dev.weir.benchmarks.ingest;

import dev.weir.benchmarks.report.Section;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * What a server did under load.
 *
 * @param capacity events a second; 0 if it was not searched
 * @param steps of that search
 */
public record EventLoadResult(long capacity, List<CapacitySearch.Step> steps, List<Level> levels) {

  public EventLoadResult {
    steps = List.copyOf(steps);
    levels = List.copyOf(levels);
  }

  /** The first level: at capacity, or the only one. */
  public Level first() {
    return levels.get(0);
  }

  /** The parts of a report. */
  public List<Section> sections() {
    List<Section> sections = new ArrayList<>();
    if (capacity > 0) {
      List<List<String>> rows = new ArrayList<>();
      for (CapacitySearch.Step step : steps) {
        rows.add(List.of(
            String.format(Locale.ROOT, "%,d", step.eventsPerSecond()),
            step.forLong() ? "for long" : "for a moment",
            step.keptUp() ? "kept up" : "too much"));
      }
      sections.add(new Section.Table(
          String.format(
              Locale.ROOT, "Capacity: %,d %s", capacity, first().words().unit()),
          List.of(first().words().unit() + " due", "tried", "the server"),
          rows));
    }
    levels.forEach(level -> sections.add(level.figures()));
    Map<String, Histogram> curves = new LinkedHashMap<>();
    levels.forEach(level -> curves.put(level.name(), level.latencies()));
    sections.add(new Section.Percentiles("Latency, all runs", curves));
    List<String> checks = new ArrayList<>();
    for (Level level : levels) {
      checks.add(level.name() + ": answers other than wanted: " + level.otherAnswers() + ".");
      level.runs().forEach(run -> checks.add(run.check().text() + "."));
    }
    sections.add(new Section.Text("Checked", checks));
    return sections;
  }

  /** What makes the figures worthless. */
  public List<String> faults() {
    List<String> faults = new ArrayList<>();
    for (Level level : levels) {
      for (Run run : level.runs()) {
        if (!run.check().holds()) {
          faults.add(run.check().text());
        }
        if (run.load().wanted() == 0) {
          faults.add("nothing was answered as it should be: " + level.otherAnswers());
        }
      }
    }
    return faults;
  }
}
