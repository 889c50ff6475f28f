package dev.weir.benchmarks.journal;

import dev.weir.benchmarks.harness.Console;
import dev.weir.benchmarks.harness.Contender;
import dev.weir.benchmarks.harness.Options;
import dev.weir.benchmarks.ingest.LocalRuns;
import dev.weir.benchmarks.ingest.LocalSettings;
import dev.weir.benchmarks.load.ClosedLoop;
import dev.weir.benchmarks.report.Fact;
import dev.weir.benchmarks.report.Section;
import dev.weir.benchmarks.server.Tree;
import dev.weir.benchmarks.server.Workspace;
import dev.weir.metering.journal.Flusher;
import dev.weir.metering.journal.Journal;
import dev.weir.metering.journal.JournalWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The journal alone: frames that are there already, appended by one lane. */
public final class AppendBenchmark {

  public static final Contender APPEND = new Contender(
      "append",
      "the journal's limit: the same frames appended without a flush",
      "A bare journal append",
      "in the page cache: a power cut loses it",
      LocalSettings.OPTIONS,
      (options, console) -> run(options, console, channel -> {}, "append without a flush"));

  private AppendBenchmark() {}

  static Contender.Measured run(Options options, Console console, Flusher flusher, String name)
      throws Exception {
    LocalSettings settings = LocalSettings.of(options);
    InstantSource clock = InstantSource.system();
    Frames frames = new Frames(settings.shape(), clock.instant());
    LocalRuns runs = new LocalRuns(name);
    Path workspace = Workspace.fresh(options);
    try {
      for (int i = 1; i <= settings.runs(); i++) {
        console.progress("%s: run %d of %d".formatted(name, i, settings.runs()));
        Path directory = Tree.fresh(workspace);
        try (Journal journal = Journal.open(directory, 1, clock, new SecureRandom());
            JournalWriter writer = journal.lane(0).writer(flusher, 0)) {
          runs.add(measured(settings, settings.warmUpMillis(i), frames, writer));
        }
        Tree.delete(directory);
      }
    } finally {
      Tree.delete(workspace);
    }
    console.say(runs.rate().text());
    List<Fact> facts = new ArrayList<>(settings.facts(frames.eventBytes()));
    facts.add(new Fact(
        "frame", String.format(Locale.ROOT, "%,d bytes with its checksum", frames.frameBytes())));
    return new Contender.Measured(
        runs.rate(),
        facts,
        List.of(runs.figures(), new Section.Percentiles("Each append", runs.curve())),
        List.of());
  }

  /** Asks for room before each frame, as Weir does: that allocates blocks ahead. */
  private static ClosedLoop.Result measured(
      LocalSettings settings, long warmUpMillis, Frames frames, JournalWriter writer)
      throws Exception {
    long[] written = {0};
    ClosedLoop.Step append = () -> {
      byte[] frame = frames.next();
      if (!writer.hasRoom()) {
        throw new IOException("no room on the disk");
      }
      writer.append(frame, frame.length);
      written[0] += frame.length;
      return settings.shape().eventsPerRequest();
    };
    // The first frames make the file: they are the warm-up, but must not use up what may be
    // written.
    ClosedLoop.run(List.of(append), 0, warmUpMillis, () -> written[0] < settings.bytesMax() / 4);
    written[0] = 0;
    return ClosedLoop.run(
        List.of(append), 0, settings.measuredMillis(), () -> written[0] < settings.bytesMax());
  }
}
