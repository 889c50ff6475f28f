package dev.weir.benchmarks.replay;

import dev.weir.benchmarks.harness.Benchmark;
import dev.weir.benchmarks.report.Fact;
import dev.weir.benchmarks.report.Report;
import dev.weir.benchmarks.report.Section;
import dev.weir.benchmarks.server.Printed;
import dev.weir.metering.aggregate.MeterReplay;
import dev.weir.metering.journal.CycleArchive;
import dev.weir.metering.journal.CycleFile;
import dev.weir.metering.journal.Frame;
import dev.weir.metering.journal.JournalPosition;
import dev.weir.metering.journal.LaneFiles;
import dev.weir.metering.meter.Aggregation;
import dev.weir.metering.meter.Meter;
import dev.weir.metering.meter.MeterDefinition;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Times the reading back of a journal: frames with their checksums, the fold of a COUNT meter and of SUM
 * meters on one thread, and whole backfills with the embedded PostgreSQL writing.
 */
public final class ReplayBenchmark {

  public static final Benchmark REPLAY = new Benchmark(
      "replay",
      "a journal read back, folded and backfilled",
      ReplayLoad.OPTIONS,
      (options, console) ->
          Printed.in(options, directory -> run(ReplayLoad.of(options, directory), console.out())));

  private static final int ROWS_PER_CHUNK = 10_000;

  private final ReplayLoad load;
  private final ReplayJournal journal;
  private final PrintStream out;

  /** By what was measured; the second round counts, when all is compiled. */
  private final Map<String, Speed> speeds = new LinkedHashMap<>();

  /**
   * How fast something was.
   *
   * @param more in words
   */
  record Speed(String what, long events, long millis, String more) {

    private long eventsPerSecond() {
      return events * 1_000 / Math.max(1, millis);
    }

    private String text() {
      return String.format(
          Locale.ROOT,
          "%-28s %,12d events in %,7d ms: %,10d events/s %s",
          what,
          events,
          millis,
          eventsPerSecond(),
          more);
    }

    private List<String> cells() {
      return List.of(
          what,
          String.format(Locale.ROOT, "%,d", events),
          String.format(Locale.ROOT, "%,d", eventsPerSecond()),
          more);
    }
  }

  private ReplayBenchmark(ReplayLoad load, PrintStream out) {
    this.load = load;
    this.journal = new ReplayJournal(load);
    this.out = out;
  }

  /** Writes the journal if it is not there, and measures. */
  static Report run(ReplayLoad load, PrintStream out) throws Exception {
    ReplayBenchmark benchmark = new ReplayBenchmark(load, out);
    benchmark.measure();
    return new Report(
        "replay",
        "Replay of a journal",
        List.of(
            new Fact(
                "measured", "in this process, without HTTP; one thread but for the database's"),
            new Fact(
                "journal",
                String.format(
                    Locale.ROOT,
                    "%,d events over %d hours, %,d subjects, %d tenants",
                    load.events(),
                    load.hours(),
                    load.subjects(),
                    load.tenants())),
            new Fact("events", "LLM calls of about 270 bytes as sent, journaled 1,000 at once"),
            new Fact("an acknowledged event is", "none: what was journaled before is read again")),
        List.of(new Section.Table(
            "Replayed",
            List.of("", "events", "events/s", "of which"),
            benchmark.speeds.values().stream().map(Speed::cells).toList())),
        List.of());
  }

  /** What is folded in each round, the simplest first. */
  static List<Meter> meters() {
    Map<String, String> groups = Map.of("model", "$.model", "region", "$.region");
    return List.of(
        meter("count", Aggregation.COUNT, null, Map.of()),
        meter("sum-of-integers", Aggregation.SUM, "$.input_tokens", groups),
        meter("sum-of-decimals", Aggregation.SUM, "$.cost", groups),
        meter("max", Aggregation.MAX, "$.latency_ms", Map.of()));
  }

  private static Meter meter(
      String key, Aggregation aggregation, @Nullable String value, Map<String, String> groups) {
    return new MeterDefinition(key, null, "llm.call", aggregation, value, groups, Map.of())
        .toMeter(
            UUID.nameUUIDFromBytes(key.getBytes(StandardCharsets.UTF_8)),
            ReplayJournal.tenant(0),
            ReplayJournal.FROM);
  }

  private void measure() throws Exception {
    long begun = System.nanoTime();
    journal.write();
    report("written", begun, load.events(), "");
    for (int round = 0; round < 2; round++) {
      scan();
      for (Meter meter : meters()) {
        fold(meter);
      }
    }
    try (BackfillBench backfills = new BackfillBench(load, journal)) {
      for (Meter meter : meters()) {
        note(backfills.run(meter));
      }
    }
  }

  private void report(String what, long begunNanos, long events, String more) {
    note(new Speed(what, events, (System.nanoTime() - begunNanos) / 1_000_000, more));
  }

  private void note(Speed speed) {
    out.println(speed.text());
    speeds.put(speed.what(), speed);
  }

  /** Receives every frame of the journal in order. */
  private interface Frames {
    void frame(Frame frame);
  }

  private void read(Frames frames) throws IOException {
    LaneFiles files = LaneFiles.of(journal.directory(), 0, CycleArchive.NONE);
    for (int cycle : files.cycles()) {
      try (CycleFile file = files.open(cycle)) {
        for (Frame frame = file.next(); frame != null; frame = file.next()) {
          frames.frame(frame);
        }
      }
    }
  }

  private void scan() throws IOException {
    long begun = System.nanoTime();
    long[] events = new long[1];
    read(frame -> events[0] += frame.records());
    report("frames and checksums", begun, events[0], "");
  }

  private void fold(Meter meter) throws IOException {
    long begun = System.nanoTime();
    MeterReplay replay = new MeterReplay(meter, JournalPosition.START, (places, upTo, visitor) -> {
      throw new IllegalStateException("nothing is taken back here");
    });
    long[] figures = new long[3];
    read(frame -> {
      MeterReplay.Portion portion = replay.filling();
      portion.fold(frame);
      if (portion.rows() >= ROWS_PER_CHUNK) {
        add(figures, portion);
        replay.swap();
      }
    });
    add(figures, replay.filling());
    report(
        "fold " + meter.key(),
        begun,
        figures[0],
        String.format(Locale.ROOT, "counted %,d, rows %,d", figures[1], figures[2]));
  }

  private static void add(long[] figures, MeterReplay.Portion portion) {
    figures[0] += portion.scanned();
    figures[1] += portion.counted();
    figures[2] += portion.rows();
  }
}
