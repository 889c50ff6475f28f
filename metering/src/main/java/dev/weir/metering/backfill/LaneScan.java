package dev.weir.metering.backfill;

import dev.weir.metering.Invariant;
import dev.weir.metering.journal.Cycles;
import dev.weir.metering.journal.Frame;
import dev.weir.metering.journal.JournalCorrupt;
import dev.weir.metering.journal.JournalLane;
import dev.weir.metering.journal.JournalPosition;
import dev.weir.metering.journal.JournalReader;
import dev.weir.metering.journal.LaneFiles;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/** One lane's frames from where a backfill stands to a moving end. Used by one thread at a time. */
final class LaneScan implements AutoCloseable {

  private final int lane;
  private final LaneFiles files;
  private final JournalReader reader;

  private long until;
  private long start;
  private long done;
  private long location;
  private long truncatedBeforeMillis;

  /** Whether the reader stands behind {@code done}, or behind {@code frame}. */
  private boolean positioned;

  private @Nullable Frame frame;

  private LaneScan(JournalLane lane, long until) {
    this.lane = lane.number();
    this.files = lane.files();
    this.reader = lane.reader();
    this.until = until;
  }

  static LaneScan open(JournalLane lane, Backfill backfill, long until) {
    LaneScan scan = new LaneScan(lane, until);
    try {
      JournalPosition start = backfill.progress().start();
      if (start == null) {
        scan.begin(backfill.from());
      } else {
        scan.resume(start, backfill.progress());
      }
    } catch (RuntimeException e) {
      scan.close();
      throw e;
    }
    return scan;
  }

  private void resume(JournalPosition from, BackfillProgress progress) {
    start = from.sequence(lane);
    done = progress.done().sequence(lane);
    location = progress.locations().getOrDefault(lane, 0L);
  }

  /** Finds the first frame of the hour, or of what is left of the lane. */
  private void begin(@Nullable Instant from) {
    SortedSet<Integer> cycles = files.cycles();
    if (!cycles.isEmpty()) {
      int oldest = cycles.first();
      int wanted = from == null ? oldest : Math.max(oldest, Cycles.of(from.toEpochMilli()));
      reader.startAt(wanted);
      Frame first = reader.next();
      if (first != null && first.firstSequence() <= until) {
        start = first.firstSequence() - 1;
        frame = first;
        positioned = true;
      } else {
        start = until;
      }
      if (wanted == oldest && start > 0) {
        truncatedBeforeMillis = Cycles.startMillis(oldest);
      }
    } else {
      start = until;
    }
    if (from == null && start > 0) {
      throw new JournalIncomplete(lane, start, "its earlier files have been removed");
    }
    done = start;
  }

  void extendTo(long end) {
    until = Math.max(until, end);
  }

  /** The next frame; null at the end. */
  @Nullable
  Frame next() {
    if (done >= until) {
      return null;
    }
    if (frame == null) {
      frame = positioned ? reader.next() : position();
      if (frame == null) {
        throw new JournalCorrupt("journal lane %d ends at sequence %d, but %d was acknowledged"
            .formatted(lane, done, until));
      }
      Invariant.check(frame.lastSequence() <= until, "a position is the end of a frame");
    }
    return frame;
  }

  private @Nullable Frame position() {
    positioned = true;
    if (location != 0) {
      reader.continueAfter(location, done);
      return reader.next();
    }
    Deque<Integer> cycles = new ArrayDeque<>(files.cycles());
    while (!cycles.isEmpty()) {
      // Nothing read yet: that is the oldest file, or one near the end.
      reader.startAt(done == 0 ? cycles.removeFirst() : cycles.removeLast());
      Frame found = reader.next();
      if (found != null && (found.firstSequence() <= done + 1 || done == 0)) {
        while (found != null && found.lastSequence() <= done) {
          found = reader.next();
        }
        if (found != null && found.firstSequence() != done + 1) {
          break;
        }
        return found;
      }
    }
    throw new JournalIncomplete(lane, done, "journal files were removed while the backfill ran");
  }

  /** The frame is folded. */
  void taken() {
    Frame folded = frame;
    if (folded == null) {
      throw new IllegalStateException("there was no frame");
    }
    done = folded.lastSequence();
    location = reader.location();
    frame = null;
  }

  int number() {
    return lane;
  }

  /** The sequence before the first record to read. */
  long start() {
    return start;
  }

  /** When the first file that is left begins, if there were earlier ones; else 0. */
  long truncatedBeforeMillis() {
    return truncatedBeforeMillis;
  }

  /** The last record folded. */
  long done() {
    return done;
  }

  /** Where its frame lies; 0 when none was. */
  long location() {
    return location;
  }

  @Override
  public void close() {
    reader.close();
  }
}
