package dev.weir.metering.explorer;

import dev.weir.metering.explorer.run.Gathering;
import dev.weir.metering.explorer.run.Run;
import dev.weir.metering.explorer.run.RunDamaged;
import dev.weir.metering.explorer.run.RunMerge;
import dev.weir.metering.journal.CycleFile;
import dev.weir.metering.journal.Frame;
import dev.weir.metering.journal.JournalCorrupt;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the runs of all lanes whole and few: fills gaps from the journal, newest first, and merges runs.
 * Step by step, without a thread of its own; confined to one thread.
 */
final class RunKeeper {

  private static final Logger LOG = LoggerFactory.getLogger(RunKeeper.class);

  /** How long a gap that could not be filled is left alone. */
  private static final long RETRY_NANOS = TimeUnit.MINUTES.toNanos(5);

  private final List<LaneIndex> lanes;
  private final FrameIndexing indexing;
  private final int recordsMax;
  private final BooleanSupplier stopping;
  private final Map<Work, Long> failed = new HashMap<>();

  /** As of so many changes of the lanes. */
  private boolean late;

  private long judgedAt = -1;

  /** A gap of a lane. */
  private record Work(LaneIndex lane, Gap gap) {}

  /**
   * @param recordsMax after which a run is written
   * @param stopping whether to leave off
   */
  RunKeeper(
      List<LaneIndex> lanes, FrameIndexing indexing, int recordsMax, BooleanSupplier stopping) {
    this.lanes = List.copyOf(lanes);
    this.indexing = indexing;
    this.recordsMax = recordsMax;
    this.stopping = stopping;
  }

  /**
   * Whether searches miss events or meet more runs than they should. Does not wait; for one thread, which may
   * be another one.
   */
  boolean isLate() {
    long changes = lanes.stream().mapToLong(LaneIndex::changes).sum();
    if (changes != judgedAt) {
      judgedAt = changes;
      late = lanes.stream()
          .map(LaneIndex::view)
          .anyMatch(
              view -> !view.gaps().isEmpty() || MergeChoice.isLate(view.stretches(), recordsMax));
    }
    return late;
  }

  /** Fills the newest gap or merges some runs; gives whether there was something to do. */
  boolean step() {
    Work work = newestGap();
    return work == null ? merge() : fill(work);
  }

  private @Nullable Work newestGap() {
    return lanes.stream()
        .flatMap(lane -> lane.gaps().stream().map(gap -> new Work(lane, gap)))
        .filter(this::isDue)
        .max(Comparator.<Work>comparingInt(work -> work.gap().cycle())
            .thenComparingLong(work -> work.gap().fromOffset()))
        .orElse(null);
  }

  private boolean isDue(Work work) {
    Long since = failed.get(work);
    return since == null || System.nanoTime() - since > RETRY_NANOS;
  }

  private boolean fill(Work work) {
    try {
      fill(work.lane(), work.gap());
      failed.remove(work);
    } catch (JournalCorrupt | IOException | UncheckedIOException e) {
      LOG.error("lane {}, cycle {} cannot be indexed", work.lane().lane(), work.gap(), e);
      failed.put(work, System.nanoTime());
    }
    return true;
  }

  private void fill(LaneIndex lane, Gap gap) throws IOException {
    LOG.info("lane {}: indexing cycle {}", lane.lane(), gap);
    try (CycleFile file = lane.files().open(gap.cycle())) {
      file.seek(gap.fromOffset());
      Filling filling = new Filling(lane, gap);
      Frame frame = next(file, gap);
      while (frame != null && !stopping.getAsBoolean()) {
        filling.add(frame, file);
        frame = next(file, gap);
      }
      if (!stopping.getAsBoolean()) {
        filling.end();
      }
    }
  }

  /** The next frame of the gap; a gap that does not reach to the cycle's end is full of frames. */
  private static @Nullable Frame next(CycleFile file, Gap gap) {
    if (file.nextOffset() >= gap.toOffset()) {
      return null;
    }
    Frame frame = file.next();
    if (frame == null && gap.toOffset() != Gap.CYCLE_END) {
      throw new JournalCorrupt("%s has no frame at offset %d, where one was before"
          .formatted(file.path(), file.nextOffset()));
    }
    return frame;
  }

  /** The runs of a gap, one after the other. */
  private final class Filling {
    private final LaneIndex lane;
    private final Gap gap;
    private @Nullable Gathering gathering;
    private long from;

    /** Of the run being gathered; 0 as long as nobody knows it. */
    private long firstSequence;

    Filling(LaneIndex lane, Gap gap) {
      this.lane = lane;
      this.gap = gap;
      this.from = gap.fromOffset();
    }

    void add(Frame frame, CycleFile file) throws IOException {
      Gathering entries = gathering;
      if (entries == null) {
        entries = new Gathering(lane.lane(), gap.cycle(), frame.firstSequence(), from);
        gathering = entries;
      }
      indexing.add(entries, frame, file.offset(), file.nextOffset());
      firstSequence = frame.lastSequence() + 1;
      if (entries.records() >= recordsMax) {
        write(entries, false);
      }
    }

    private void write(Gathering entries, boolean endsCycle) throws IOException {
      lane.filled(lane.runFiles().write(entries.view(endsCycle)));
      from = entries.toOffset();
      gathering = null;
    }

    /** Writes the last run, which tells also that the cycle ends, if it does. */
    void end() throws IOException {
      boolean endsCycle = gap.toOffset() == Gap.CYCLE_END;
      Gathering entries = gathering;
      if (entries != null) {
        write(entries, endsCycle);
      } else if (endsCycle) {
        write(new Gathering(lane.lane(), gap.cycle(), firstSequence, from), true);
      }
    }
  }

  private boolean merge() {
    for (LaneIndex lane : lanes) {
      for (List<Run> ofCycle : lane.runsByCycle()) {
        List<Run> chosen = MergeChoice.next(ofCycle, recordsMax);
        if (!chosen.isEmpty()) {
          return merge(lane, chosen);
        }
      }
    }
    return false;
  }

  private boolean merge(LaneIndex lane, List<Run> runs) {
    try (RunMerge merge = new RunMerge(runs, stopping)) {
      return lane.merged(runs, lane.runFiles().write(merge));
    } catch (RunMerge.Stopped e) {
      return false;
    } catch (RunDamaged e) {
      LOG.warn("an index run is built again: {}", e.getMessage());
      return lane.drop(e.run());
    } catch (IOException | UncheckedIOException e) {
      LOG.error("lane {}: index runs could not be merged", lane.lane(), e);
      return false;
    }
  }
}
