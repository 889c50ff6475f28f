package dev.weir.benchmarks.dedup;

import dev.weir.benchmarks.harness.Benchmark;
import dev.weir.benchmarks.harness.Console;
import dev.weir.benchmarks.harness.Option;
import dev.weir.benchmarks.harness.Options;
import dev.weir.benchmarks.report.Fact;
import dev.weir.benchmarks.report.Report;
import dev.weir.benchmarks.report.Section;
import dev.weir.benchmarks.server.Printed;
import dev.weir.metering.dedup.Identities;
import dev.weir.metering.dedup.IdentityIndex;
import dev.weir.metering.dedup.IdentityIndex.Answer;
import dev.weir.metering.dedup.IdentityKey;
import dev.weir.metering.dedup.IdentityRules;
import dev.weir.metering.dedup.LaneVolumes;
import dev.weir.metering.dedup.SegmentDisk;
import dev.weir.metering.dedup.VolumeRecorder;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;

/**
 * Fills one lane's identities on disk and measures at given sizes.
 */
public final class IdentityLoad {

  private static final int FRAME = 1_000;
  private static final long NOW = 1_700_000_000L;
  private static final double NANOS_PER_SECOND = 1e9;
  private static final double GIB = 1L << 30;
  private static final long IDENTITIES_MAX = 200_000_000L;

  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private final Path directory;
  private final int measured;
  private final long[] numbers = new long[FRAME];
  private Identities identities;
  private IdentityIndex index;
  private long sequence;
  private long busyNanos;

  private IdentityLoad(Path directory, int measured) throws IOException {
    this.directory = directory;
    this.measured = measured;
    this.identities = open();
    this.index = identities.index(0);
  }

  /**
   * What was measured at one size.
   *
   * @param held identities at the beginning
   * @param newPerSecond checks of new identities a second of processor time
   * @param foreseenPerSecond the same when the table is told of a frame's identities before
   * @param knownPerSecond checks of identities in sealed segments that the page cache holds
   * @param loadMillis to load the segments anew
   */
  public record Row(
      long held,
      double newPerSecond,
      double foreseenPerSecond,
      double knownPerSecond,
      long memoryBytes,
      long diskBytes,
      long loadMillis) {

    double bytesEach() {
      return (double) (memoryBytes + diskBytes) / held;
    }

    static final List<String> COLUMNS = List.of(
        "identities",
        "new, M/s/core",
        "new and foreseen, M/s/core",
        "known and sealed, M/s/core",
        "memory each, bytes",
        "disk each, bytes",
        "held in a GiB of both, M",
        "load, s");

    List<String> cells() {
      return List.of(
          String.format(Locale.ROOT, "%,d", held),
          shown("%.2f", newPerSecond / 1e6),
          shown("%.2f", foreseenPerSecond / 1e6),
          shown("%.2f", knownPerSecond / 1e6),
          shown("%.1f", (double) memoryBytes / held),
          shown("%.1f", (double) diskBytes / held),
          shown("%.1f", GIB / bytesEach() / 1e6),
          shown("%.1f", loadMillis / 1e3));
    }

    private static String shown(String format, double value) {
      return String.format(Locale.ROOT, format, value);
    }
  }

  /** What is measured, at sizes given on the command line. */
  public static final Benchmark DEDUP = new Benchmark(
      "dedup",
      "identities remembered: checks a second, memory and disk for each",
      List.of(
          new Option(
              "dir", "DIR", "", "that is empty or does not exist; else a fresh one that goes"),
          new Option("sizes", "N,…", "1_000_000,20_000_000", "identities held, in growing order"),
          new Option("checks", "N", "2_000_000", "that each rate is measured over")),
      IdentityLoad::report);

  private static Report report(Options options, Console console) throws Exception {
    console.progress("dedup: filling");
    List<Row> rows = Printed.in(
        options, directory -> run(directory, options.numbers("sizes"), options.count("checks")));
    return new Report(
        "dedup",
        "Remembering identities",
        List.of(new Fact(
            "rates", "of the checking thread's own processor time, in frames of " + FRAME)),
        List.of(new Section.Table(
            "At each size", Row.COLUMNS, rows.stream().map(Row::cells).toList())),
        List.of());
  }

  /** Measures at each size; each rate over so many checks. */
  static List<Row> run(Path directory, List<Long> sizes, int measured) throws Exception {
    IdentityLoad load = new IdentityLoad(directory, measured);
    List<Row> rows = new ArrayList<>();
    for (long size : sizes) {
      rows.add(load.row(size));
    }
    load.identities.close();
    return rows;
  }

  private Identities open() throws IOException {
    TreeMap<Integer, Path> directories = new TreeMap<>();
    directories.put(0, directory);
    Identities opened = Identities.open(
        new Identities.Setup(
            1,
            IdentityRules.of(IDENTITIES_MAX, IdentityRules.UNLIMITED_SECONDS),
            high -> 0,
            new IdentityKey(1, 2),
            SegmentDisk.FILES),
        directories,
        NOW);
    opened.start();
    return opened;
  }

  private Row row(long size) throws Exception {
    fill(size - sequence, true);
    awaitSealed();
    long held = sequence;
    long memory = identities.memoryBytes();
    long disk = identities.diskBytes();
    double plain = rate(() -> fill(measured, false));
    double foreseen = rate(() -> fill(measured, true));
    double known = rate(this::checkKnown);
    awaitSealed();
    return new Row(held, plain, foreseen, known, memory, disk, reload());
  }

  private double rate(Runnable work) {
    busyNanos = 0;
    work.run();
    return measured * NANOS_PER_SECOND / busyNanos;
  }

  private void fill(long count, boolean foreseen) {
    for (long done = 0; done < count; done += FRAME) {
      while (identities.unsealed() >= 3) {
        LockSupport.parkNanos(1_000_000);
      }
      for (int i = 0; i < FRAME; i++) {
        numbers[i] = sequence + i;
      }
      check(Answer.NEW, foreseen);
      sequence += FRAME;
      index.frameWritten(sequence, sequence);
    }
  }

  private void checkKnown() {
    long step = 1;
    for (long done = 0; done < measured; done += FRAME) {
      for (int i = 0; i < FRAME; i++) {
        step = mix(step);
        numbers[i] = Long.remainderUnsigned(step, sequence);
      }
      check(Answer.DUPLICATE, true);
    }
  }

  private void check(Answer expected, boolean foreseen) {
    long start = threads.getCurrentThreadCpuTime();
    index.beginFrame(NOW);
    if (foreseen) {
      for (long number : numbers) {
        index.touch(mix(2 * number), mix(2 * number + 1));
      }
    }
    for (long number : numbers) {
      Answer answer = index.check(mix(2 * number), mix(2 * number + 1), number, NOW);
      if (answer != expected) {
        throw new IllegalStateException(number + ": " + answer + ", expected " + expected);
      }
    }
    busyNanos += threads.getCurrentThreadCpuTime() - start;
  }

  private static long mix(long n) {
    long z = n + 0x9e3779b97f4a7c15L;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  private void awaitSealed() {
    while (identities.unsealed() > 0) {
      LockSupport.parkNanos(1_000_000);
    }
    index.beginFrame(NOW);
    index.frameWritten(sequence, sequence);
  }

  private long reload() throws Exception {
    identities.close();
    long start = System.nanoTime();
    identities = open();
    long millis = (System.nanoTime() - start) / 1_000_000;
    resume();
    return millis;
  }

  /** What was not sealed is checked anew: reading a journal is not measured here. */
  private void resume() throws IOException {
    LaneVolumes volumes = identities.volumes(0);
    VolumeRecorder recorder = volumes.recorder(volumes.gaps().get(0), NOW);
    recorder.end();
    volumes.recovered();
    index = identities.index(0);
    sequence = recorder.lastSequence();
    index.beginFrame(NOW);
  }
}
