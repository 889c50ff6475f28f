package dev.weir.benchmarks.ingest;

import dev.weir.benchmarks.harness.Option;
import dev.weir.benchmarks.harness.Options;
import dev.weir.benchmarks.report.Fact;
import dev.weir.benchmarks.server.Workspace;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The same events without HTTP, as fast as they are taken.
 *
 * @param bytesMax written in each run
 */
public record LocalSettings(
    EventShape shape, int runs, long warmUpMillis, long measuredMillis, long bytesMax) {

  private static final int BATCH_MAX = 10_000;

  /** The options that {@link #of} reads. */
  public static final List<Option> OPTIONS = options();

  private static List<Option> options() {
    List<Option> all = new ArrayList<>(List.of(
        new Option("batch", "N", "1000", "events in a frame or statement"),
        new Option("runs", "N", "1", "runs; figures are medians"),
        new Option("seconds", "N", "10", "measured in each run"),
        new Option("warm-up", "N", "3", "seconds before the first run, not measured"),
        new Option("subjects", "N", "200", "distinct subjects"),
        new Option("groups", "N", "4", "distinct values of one property"),
        new Option("gib", "N", "4", "written to disk at most in each run")));
    all.addAll(Workspace.OPTIONS);
    return List.copyOf(all);
  }

  public static LocalSettings of(Options options) {
    return new LocalSettings(
        new EventShape(
            BodyFormat.NDJSON,
            (int) options.number("batch", 1, BATCH_MAX),
            (int) options.number("subjects", 1, EventShape.SUBJECTS_MAX),
            (int) options.number("groups", 1, EventShape.GROUPS_MAX)),
        (int) options.number("runs", 1, 100),
        options.number("warm-up", 0, 3_600) * 1_000,
        options.number("seconds", 1, 3_600) * 1_000,
        options.number("gib", 1, 1_000) << 30);
  }

  /**
   * Before a run: this process is warm after the first one, and then a moment is enough.
   *
   * @param run from 1
   */
  public long warmUpMillis(int run) {
    return run == 1
        ? warmUpMillis
        : Math.min(warmUpMillis, LoadSettings.shortWarmUpMillis(measuredMillis));
  }

  /** What a reader must know of it. */
  public List<Fact> facts(int eventBytes) {
    return List.of(
        new Fact("load", "closed loop: as fast as it goes, without HTTP and without parsing"),
        new Fact(
            "events",
            String.format(
                Locale.ROOT,
                "%,d at once, %,d bytes each as a body would have them",
                shape.eventsPerRequest(),
                eventBytes)),
        new Fact(
            "time",
            "%d runs of up to %d s after up to %d s of warm-up"
                .formatted(runs, measuredMillis / 1_000, warmUpMillis / 1_000)));
  }
}
