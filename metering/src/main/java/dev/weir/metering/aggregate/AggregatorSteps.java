package dev.weir.metering.aggregate;

import dev.weir.metering.journal.Frame;
import dev.weir.metering.journal.FrameSource;
import dev.weir.metering.journal.JournalCorrupt;
import dev.weir.metering.journal.JournalPosition;
import dev.weir.metering.journal.VoidOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntToLongFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the aggregator's thread does, step by step, without thread or clock: fold what is flushed, write
 * it with the lane positions, and find out what became of a write whose answer was lost. Confined to one
 * thread.
 */
final class AggregatorSteps {

  private static final Logger LOG = LoggerFactory.getLogger(AggregatorSteps.class);

  /** Rows folded before they must be written. */
  static final int ROWS_MAX = 40_000;

  private final WindowSink sink;
  private final WindowFold fold;
  private final IntToLongFunction flushed;
  private final List<LaneTail> tails = new ArrayList<>();

  /** A write whose outcome is not known; until it is, nothing more is folded. */
  private @Nullable List<WindowStore.Advance> unsettled;

  private @Nullable Throwable failure;

  private long eventsFolded;
  private long valuesSkipped;

  /** Where one lane stands: committed in the sink, and folded in memory beyond that. */
  private static final class LaneTail {
    private final int lane;
    private final FrameSource frames;
    private long committed;
    private long folded;
    private long foldedLocation;

    LaneTail(int lane, FrameSource frames) {
      this.lane = lane;
      this.frames = frames;
    }
  }

  /**
   * @param flushed the last sequence of a lane on stable storage; nothing beyond is folded
   */
  AggregatorSteps(WindowSink sink, WindowFold fold, IntToLongFunction flushed) {
    this.sink = sink;
    this.fold = fold;
    this.flushed = flushed;
  }

  /** Goes on with a lane where the sink says that it was left. */
  void addLane(int lane, FrameSource frames, WindowStore.LanePosition position) {
    if (position.sequence() > flushed.applyAsLong(lane)) {
      throw new JournalCorrupt(
          "the database has aggregated lane %d to sequence %d, but the journal ends at %d: they do"
                  .formatted(lane, position.sequence(), flushed.applyAsLong(lane))
              + " not belong together");
    }
    LaneTail tail = new LaneTail(lane, frames);
    if (position.sequence() > 0) {
      frames.continueAfter(position.frameLocation(), position.sequence());
    }
    tail.committed = position.sequence();
    tail.folded = position.sequence();
    tail.foldedLocation = position.frameLocation();
    tails.add(tail);
  }

  /** Folds what is flushed and not yet folded, up to the bound; gives whether there was any. */
  boolean foldAvailable() {
    boolean progressed = false;
    if (unsettled != null) {
      return false;
    }
    for (LaneTail tail : tails) {
      long end = flushed.applyAsLong(tail.lane);
      while (tail.folded < end && fold.rows() < ROWS_MAX) {
        Frame frame = tail.frames.next();
        if (frame == null) {
          break;
        }
        if (frame.lastSequence() > end || isEarly(frame)) {
          tail.frames.pushBack();
          break;
        }
        fold.fold(frame);
        tail.folded = frame.lastSequence();
        tail.foldedLocation = tail.frames.location();
        progressed = true;
      }
    }
    return progressed;
  }

  /** Whether the frame must wait for another lane. */
  private boolean isEarly(Frame frame) {
    return tails.size() > 1 && !VoidOrder.allows(frame, this::folded);
  }

  private long folded(int lane) {
    return tails.stream()
        .filter(tail -> tail.lane == lane)
        .mapToLong(tail -> tail.folded)
        .findFirst()
        .orElse(Long.MAX_VALUE);
  }

  /** Whether so much is folded that it must be written before more is. */
  boolean isFull() {
    return fold.rows() >= ROWS_MAX;
  }

  /** Writes what is folded; false when the sink could not be reached and all is kept. */
  boolean flush() {
    List<WindowStore.Advance> before = unsettled;
    List<WindowStore.Advance> advances = before == null ? advances() : before;
    if (advances.isEmpty()) {
      return true;
    }
    try {
      sink.write(advances, fold);
    } catch (WindowSink.FenceLost e) {
      if (before == null) {
        throw e;
      }
      // The fence may have been moved by the attempt before, which went through after all.
      return settle(advances, e);
    } catch (RuntimeException e) {
      return settle(advances, e);
    }
    committed(advances);
    return true;
  }

  private List<WindowStore.Advance> advances() {
    List<WindowStore.Advance> advances = new ArrayList<>();
    for (LaneTail tail : tails) {
      if (tail.folded > tail.committed) {
        advances.add(
            new WindowStore.Advance(tail.lane, tail.committed, tail.folded, tail.foldedLocation));
      }
    }
    return advances;
  }

  /**
   * A failed transaction may have been committed all the same, when only its answer was lost: the
   * stored positions tell, as long as nothing more is folded than what was written then.
   */
  private boolean settle(List<WindowStore.Advance> advances, RuntimeException cause) {
    unsettled = advances;
    Map<Integer, WindowStore.LanePosition> stored;
    try {
      stored = sink.positions();
    } catch (RuntimeException e) {
      noteAway(cause);
      return false;
    }
    long done = advances.stream()
        .filter(a -> sequence(stored, a.lane()) == a.toSequence())
        .count();
    long pending = advances.stream()
        .filter(a -> sequence(stored, a.lane()) == a.fromSequence())
        .count();
    if (done == advances.size()) {
      committed(advances);
      return true;
    }
    if (pending < advances.size()) {
      throw new WindowSink.FenceLost();
    }
    if (failure == null) {
      LOG.error("flush failed and is tried again until it succeeds", cause);
    }
    failure = cause;
    return false;
  }

  /** The database could not be reached: all is kept and tried again. */
  void noteAway(RuntimeException cause) {
    if (failure == null) {
      LOG.warn("database away, aggregation waits: {}", cause.toString());
    }
    failure = cause;
  }

  private static long sequence(Map<Integer, WindowStore.LanePosition> stored, int lane) {
    WindowStore.LanePosition position = stored.get(lane);
    return position == null ? -1 : position.sequence();
  }

  private void committed(List<WindowStore.Advance> advances) {
    unsettled = null;
    noteBack();
    for (WindowStore.Advance advance : advances) {
      for (LaneTail tail : tails) {
        if (tail.lane == advance.lane()) {
          tail.committed = advance.toSequence();
        }
      }
    }
    eventsFolded += fold.events();
    valuesSkipped += fold.skipped();
    fold.clear();
  }

  /** The database answers again. */
  void noteBack() {
    if (failure != null) {
      LOG.info("the database answers again");
      failure = null;
    }
  }

  /** Why the last write did not succeed and is being tried again; null when it did. */
  @Nullable
  Throwable failure() {
    return failure;
  }

  /** What is in the sink. */
  JournalPosition committed() {
    TreeMap<Integer, Long> sequences = new TreeMap<>();
    for (LaneTail tail : tails) {
      if (tail.committed > 0) {
        sequences.put(tail.lane, tail.committed);
      }
    }
    return new JournalPosition(sequences);
  }

  /** Events written since the start. */
  long eventsFolded() {
    return eventsFolded;
  }

  /** Event and meter pairs that had no usable value, since the start. */
  long valuesSkipped() {
    return valuesSkipped;
  }

  void close() {
    tails.forEach(tail -> tail.frames.close());
  }
}
