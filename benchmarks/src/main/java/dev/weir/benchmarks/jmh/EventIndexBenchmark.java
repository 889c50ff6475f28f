package dev.weir.benchmarks.jmh;

import dev.weir.metering.dedup.IdentityKey;
import dev.weir.metering.explorer.run.EntryKeys;
import dev.weir.metering.explorer.run.EntryTags;
import dev.weir.metering.explorer.run.Gathering;
import dev.weir.metering.explorer.run.Run;
import dev.weir.metering.explorer.run.RunFiles;
import dev.weir.metering.explorer.run.RunMerge;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What the event index costs an event behind its entries in memory: written as a run, and again when
 * four runs become one. Both reach the disk.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class EventIndexBenchmark {

  private static final int LANE = 0;
  private static final int CYCLE = 492_420;
  private static final int RECORDS = 262_144;
  private static final int RUNS = 4;
  private static final int SUBJECTS = 200;
  private static final int IN_REQUEST = 1_000;
  private static final int FRAME_BYTES = 250_000;
  private static final long NANOS = 1_772_712_000_000_000_000L;

  private Path directory = Path.of("");
  private RunFiles files = new RunFiles(directory, LANE);
  private List<Gathering> gathered = List.of();
  private List<Run> runs = List.of();

  @Setup
  public void write() throws IOException {
    directory = Files.createTempDirectory("weir-bench-index-");
    files = new RunFiles(directory, LANE);
    SplittableRandom random = new SplittableRandom(1);
    gathered = new ArrayList<>();
    runs = new ArrayList<>();
    for (int i = 0; i < RUNS; i++) {
      Gathering before = i == 0 ? null : gathered.get(i - 1);
      gathered.add(gather(
          random,
          before == null ? 1 : before.nextSequence(),
          before == null ? 0 : before.toOffset()));
      runs.add(files.write(gathered.get(i).view(false)));
    }
  }

  /** Requests of a thousand events, each of which happened in the second before. */
  private static Gathering gather(SplittableRandom random, long firstSequence, long fromOffset) {
    Gathering gathering = new Gathering(LANE, CYCLE, firstSequence, fromOffset);
    EntryKeys keys = new EntryKeys(new IdentityKey(1, 2));
    long frame = fromOffset;
    for (int i = 0; i < RECORDS; i++) {
      if (i % IN_REQUEST == 0) {
        frame = fromOffset + (long) i / IN_REQUEST * FRAME_BYTES;
        gathering.addGroup(frame + 32, frame);
      }
      long received = NANOS + (firstSequence + i) / IN_REQUEST * 2_000_000;
      gathering.addRecord(
          new Gathering.Entry(
              keys.subject("customer-" + random.nextInt(SUBJECTS)),
              random.nextLong(),
              received - random.nextLong(TimeUnit.SECONDS.toNanos(1)),
              received,
              EntryTags.of(7, 0)),
          new Gathering.Location(
              frame + i % IN_REQUEST * 100L,
              frame + i % IN_REQUEST * 150L,
              random.nextInt() >>> 1));
    }
    gathering.endFrame(frame + FRAME_BYTES);
    return gathering;
  }

  @Benchmark
  @OperationsPerInvocation(RECORDS)
  public void written() throws IOException {
    files.delete(files.write(gathered.get(0).view(false)).path());
  }

  @Benchmark
  @OperationsPerInvocation(RUNS * RECORDS)
  public void merged() throws IOException {
    try (RunMerge merge = new RunMerge(runs, () -> false)) {
      files.delete(files.write(merge).path());
    }
  }

  @TearDown
  public void delete() throws IOException {
    runs.forEach(run -> files.delete(run.path()));
    Files.delete(directory);
  }
}
