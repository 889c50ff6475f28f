package dev.weir.metering.explorer;

import dev.weir.metering.explorer.run.Gathering;
import dev.weir.metering.explorer.run.Key;
import dev.weir.metering.explorer.run.Page;
import dev.weir.metering.explorer.run.Run;
import dev.weir.metering.explorer.run.RunDamaged;
import dev.weir.metering.explorer.run.Section;
import dev.weir.metering.journal.CycleFile;
import dev.weir.metering.journal.Frame;
import dev.weir.metering.journal.JournalCorrupt;
import dev.weir.metering.journal.JournalLane;
import java.io.IOException;
import java.util.SortedSet;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows a lane as it is flushed, gathers entries, and makes runs of them. Confined to one thread; a
 * step that fails can be tried again.
 */
final class LaneTail {

  private static final Logger LOG = LoggerFactory.getLogger(LaneTail.class);

  private final JournalLane lane;
  private final LaneIndex index;
  private final FrameIndexing indexing;
  private final LongSupplier flushed;
  private final int recordsMax;
  private final FrameListener listener;

  private int cycle = -1;
  private @Nullable CycleFile file;
  private @Nullable Gathering gathering;
  private long lastSequence;

  /** Is shown each frame as it is indexed. */
  @FunctionalInterface
  interface FrameListener {
    void indexed(Frame frame);

    /** Whether somebody waits for frames. Thread-safe. */
    default boolean isWaiting() {
      return false;
    }
  }

  /**
   * @param flushed the last sequence of the lane on stable storage
   * @param recordsMax after which a run is written
   */
  LaneTail(
      JournalLane lane,
      LaneIndex index,
      FrameIndexing indexing,
      LongSupplier flushed,
      int recordsMax,
      FrameListener listener) {
    this.lane = lane;
    this.index = index;
    this.indexing = indexing;
    this.flushed = flushed;
    this.recordsMax = recordsMax;
    this.listener = listener;
  }

  /** Goes to the end of the last run, or to the begin of the newest cycle if that has none. */
  void start() {
    index.load();
    SortedSet<Integer> cycles = index.files().readableCycles();
    if (cycles.isEmpty()) {
      return;
    }
    int newest = cycles.last();
    Run last = index.lastRun(newest);
    if (last != null && !belongs(last)) {
      LOG.warn("{} does not belong to its cycle's file: the cycle is indexed again", last);
      index.dropCycle(newest);
      last = null;
    }
    if (last != null && last.stretch().endsCycle()) {
      cycle = newest;
      lastSequence = last.stretch().lastSequence();
      index.startTail(newest, last.stretch().toOffset(), lastSequence);
      return;
    }
    long from = last == null ? 0 : last.stretch().toOffset();
    lastSequence = last == null ? 0 : last.stretch().lastSequence();
    enter(newest, from);
    index.startTail(newest, from, lastSequence);
  }

  /** Whether the run's last frame is where it says; a restored journal may be another one. */
  private boolean belongs(Run run) {
    try (CycleFile opened = index.files().open(run.stretch().cycle())) {
      Page groups = run.last(Section.GROUP, Key.first(Long.MIN_VALUE), Key.last(Long.MAX_VALUE));
      if (groups.isEmpty()) {
        return true;
      }
      opened.seek(groups.c(groups.size() - 1));
      Frame last = opened.next();
      return last != null
          && last.lastSequence() == run.stretch().lastSequence()
          && opened.nextOffset() == run.stretch().toOffset();
    } catch (RunDamaged | JournalCorrupt e) {
      LOG.warn("{}", e.getMessage());
      return false;
    }
  }

  private CycleFile enter(int entered, long offset) {
    CycleFile opened = index.files().open(entered);
    opened.seek(offset);
    file = opened;
    cycle = entered;
    gathering = null;
    return opened;
  }

  /**
   * Indexes what is flushed, up to a number of frames; gives whether there was any.
   *
   * @throws IOException when a run could not be written
   */
  boolean advance(int framesMax) throws IOException {
    for (int i = 0; i < framesMax; i++) {
      Gathering full = gathering;
      if (full != null && full.records() >= recordsMax) {
        seal(full);
      }
      if (flushed.getAsLong() <= lastSequence || !indexNext()) {
        return i > 0;
      }
    }
    return true;
  }

  private boolean indexNext() throws IOException {
    Frame frame = nextFrame();
    CycleFile current = file;
    if (frame == null || current == null) {
      return false;
    }
    if (frame.lastSequence() > flushed.getAsLong()) {
      current.seek(current.offset());
      return false;
    }
    Gathering entries = gathering;
    if (entries == null) {
      long from = index.tailOffset();
      entries = new Gathering(lane.number(), cycle, frame.firstSequence(), from);
      gathering = entries;
    }
    indexing.add(entries, frame, current.offset(), current.nextOffset());
    lastSequence = frame.lastSequence();
    index.gathered(entries.view(false));
    listener.indexed(frame);
    return true;
  }

  private @Nullable Frame nextFrame() throws IOException {
    CycleFile current = file == null ? enterAfter(cycle) : file;
    while (current != null) {
      Frame frame = current.next();
      if (frame != null || lane.newestCycle() <= current.cycle()) {
        return frame;
      }
      // There is a later file, so this one is complete: what it did not have a moment ago counts.
      frame = current.next();
      if (frame != null) {
        return frame;
      }
      current = endCycle(current);
    }
    return null;
  }

  private @Nullable CycleFile enterAfter(int before) {
    SortedSet<Integer> later = index.files().readableCycles().tailSet(before + 1);
    if (later.isEmpty()) {
      return null;
    }
    CycleFile opened = enter(later.first(), 0);
    index.startTail(later.first(), 0, lastSequence);
    return opened;
  }

  private @Nullable CycleFile endCycle(CycleFile ended) throws IOException {
    SortedSet<Integer> later = index.files().readableCycles().tailSet(cycle + 1);
    if (later.isEmpty()) {
      return null;
    }
    Gathering entries = gathering == null
        ? new Gathering(lane.number(), cycle, lastSequence + 1, index.tailOffset())
        : gathering;
    Run run = index.runFiles().write(entries.view(true));
    ended.close();
    CycleFile next = enter(later.first(), 0);
    index.sealed(run, later.first(), 0);
    return next;
  }

  private void seal(Gathering entries) throws IOException {
    Run run = index.runFiles().write(entries.view(false));
    gathering = null;
    index.sealed(run, cycle, entries.toOffset());
  }

  /** Writes what is gathered, so that the next start need not read it again. */
  void close() throws IOException {
    Gathering entries = gathering;
    try {
      if (entries != null && entries.records() > 0) {
        seal(entries);
      }
    } finally {
      if (file != null) {
        file.close();
      }
    }
  }
}
