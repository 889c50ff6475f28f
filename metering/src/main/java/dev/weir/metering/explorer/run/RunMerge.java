package dev.weir.metering.explorer.run;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Runs of one cycle that follow one another, as one. Memory: a page or two for each run. Confined to one
 * thread.
 */
public final class RunMerge implements RunContent, AutoCloseable {

  /** Most runs merged at once: each has a file open. */
  public static final int RUNS_MAX = 64;

  private final List<Run> runs;
  private final List<FileChannel> channels = new ArrayList<>();

  private final BooleanSupplier stopping;

  /** The merge was told to stop; what was written of it is of no use. */
  public static final class Stopped extends RuntimeException {
    private Stopped() {
      super("told to stop", null, false, false);
    }
  }

  /**
   * Prepares.
   *
   * @param runs in the order of the journal
   * @param stopping asked while entries are read; if so, {@link Stopped} is thrown
   */
  public RunMerge(List<Run> runs, BooleanSupplier stopping) {
    this.runs = List.copyOf(runs);
    this.stopping = stopping;
    try {
      for (Run run : runs) {
        channels.add(open(run));
      }
    } catch (RunDamaged e) {
      close();
      throw e;
    }
  }

  private static FileChannel open(Run run) {
    try {
      return run.openFile();
    } catch (IOException e) {
      throw new RunDamaged(run.path(), String.valueOf(e));
    }
  }

  @Override
  public Stretch stretch() {
    Stretch first = runs.get(0).stretch();
    Stretch last = runs.get(runs.size() - 1).stretch();
    // One without records may not know where in the lane's sequence it is.
    List<Stretch> withRecords =
        runs.stream().map(Run::stretch).filter(s -> s.records() > 0).toList();
    boolean none = withRecords.isEmpty();
    return new Stretch(
        first.lane(),
        first.cycle(),
        none ? first.firstSequence() : withRecords.get(0).firstSequence(),
        none ? first.lastSequence() : withRecords.get(withRecords.size() - 1).lastSequence(),
        first.fromOffset(),
        last.toOffset(),
        last.endsCycle());
  }

  @Override
  public Times times() {
    return runs.stream().map(Run::times).reduce(Times.NONE, Times::and);
  }

  @Override
  public void give(Section section, EntrySink sink) throws IOException {
    List<TreeEntries> sources = new ArrayList<>();
    for (int i = 0; i < runs.size(); i++) {
      sources.add(new TreeEntries(runs.get(i), channels.get(i), section));
    }
    MergedEntries merged = new MergedEntries(sources, this::goOn);
    while (merged.next()) {
      sink.add(merged.a(), merged.b(), merged.c(), merged.tag());
    }
  }

  private void goOn() {
    if (stopping.getAsBoolean()) {
      throw new Stopped();
    }
  }

  @Override
  public void close() {
    for (FileChannel channel : channels) {
      try {
        channel.close();
      } catch (IOException e) {
        // Only read from.
      }
    }
  }
}
