package dev.weir.metering.backfill;

import dev.weir.metering.Invariant;
import dev.weir.metering.journal.Cycles;
import dev.weir.metering.journal.Frame;
import dev.weir.metering.journal.JournalCorrupt;
import dev.weir.metering.journal.JournalLane;
import dev.weir.metering.journal.JournalPosition;
import dev.weir.metering.journal.JournalReader;
import java.time.Instant;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/** One lane's frames from where a backfill stands to where it ends. Confined to one thread. */
final class LaneScan implements AutoCloseable {

  private final int lane;
  private final JournalReader reader;
  private final long until;

  private long start;
  private long done;
  private long location;
  private long truncatedBeforeMillis;
  private @Nullable Frame frame;

  private LaneScan(JournalLane lane, long until) {
    this.lane = lane.number();
    this.until = until;
    this.reader = lane.reader();
  }

  static LaneScan open(JournalLane lane, Backfill backfill) {
    BackfillProgress progress = backfill.progress();
    LaneScan scan = new LaneScan(lane, progress.until().sequence(lane.number()));
    try {
      scan.open(lane, backfill, progress);
    } catch (RuntimeException e) {
      scan.close();
      throw e;
    }
    return scan;
  }

  private void open(JournalLane opened, Backfill backfill, BackfillProgress progress) {
    JournalPosition known = progress.start();
    Long last = progress.locations().get(lane);
    if (known != null && last != null) {
      start = known.sequence(lane);
      done = progress.done().sequence(lane);
      location = last;
      if (done < until) {
        reader.continueAfter(location, done);
      }
    } else {
      seek(opened, backfill.from());
      if (known != null && known.sequence(lane) != start) {
        throw new JournalIncomplete(
            lane, start, "journal files were removed while the backfill ran");
      }
      if (backfill.from() == null && start > 0) {
        throw new JournalIncomplete(lane, start, "its earlier files have been removed");
      }
      done = start;
    }
    if (frame == null) {
      load();
    }
  }

  /** Stands before the first frame of the hour, or of what is left of the lane. */
  private void seek(JournalLane opened, @Nullable Instant from) {
    SortedSet<Integer> cycles = opened.files().cycles();
    if (cycles.isEmpty()) {
      throw new JournalIncomplete(lane, until, "there are no files");
    }
    int oldest = cycles.first();
    int wanted = from == null ? oldest : Math.max(oldest, Cycles.of(from.toEpochMilli()));
    reader.startAt(wanted);
    Frame first = reader.next();
    if (first == null || first.firstSequence() > until) {
      start = until;
    } else {
      start = first.firstSequence() - 1;
      frame = first;
    }
    if (wanted == oldest && start > 0) {
      truncatedBeforeMillis = Cycles.startMillis(oldest);
    }
  }

  private void load() {
    if (done == until) {
      frame = null;
      return;
    }
    Frame next = reader.next();
    if (next == null) {
      throw new JournalCorrupt("journal lane %d ends at sequence %d, but %d was acknowledged"
          .formatted(lane, done, until));
    }
    Invariant.check(next.lastSequence() <= until, "a position is the end of a frame");
    frame = next;
  }

  int number() {
    return lane;
  }

  long start() {
    return start;
  }

  /** When the first file that is left begins, if there were earlier ones; else 0. */
  long truncatedBeforeMillis() {
    return truncatedBeforeMillis;
  }

  /** The next frame; null at the end. */
  @Nullable
  Frame frame() {
    return frame;
  }

  long receivedNanos() {
    return known(frame).firstReceivedNanos();
  }

  long frameEnd() {
    return known(frame).lastSequence();
  }

  long frameLocation() {
    return reader.location();
  }

  private static Frame known(@Nullable Frame frame) {
    if (frame == null) {
      throw new IllegalStateException("the lane is at its end");
    }
    return frame;
  }

  /** The frame is folded; the next one comes. */
  void take() {
    done = frameEnd();
    location = reader.location();
    load();
  }

  /** The last record taken, and where its frame lies; 0 when none was. */
  long done() {
    return done;
  }

  long location() {
    return location;
  }

  @Override
  public void close() {
    reader.close();
  }
}
