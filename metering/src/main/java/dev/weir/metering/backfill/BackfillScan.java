package dev.weir.metering.backfill;

import dev.weir.metering.journal.Cycles;
import dev.weir.metering.journal.Frame;
import dev.weir.metering.journal.Journal;
import dev.weir.metering.journal.JournalCorrupt;
import dev.weir.metering.journal.JournalLane;
import dev.weir.metering.journal.JournalPosition;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The frames that a backfill has to read, of all lanes together in order of receipt: so a minute's
 * events come together, and its windows are written once. Confined to one thread; may block on an
 * archive.
 */
final class BackfillScan implements AutoCloseable {

  private final Backfill backfill;
  private final List<LaneScan> lanes = new ArrayList<>();
  private @Nullable LaneScan current;

  private BackfillScan(Backfill backfill) {
    this.backfill = backfill;
  }

  /**
   * Opens every lane where the backfill's progress is.
   *
   * @throws JournalIncomplete when what is to be read has been removed
   * @throws JournalCorrupt when the journal does not read back
   */
  static BackfillScan open(Journal journal, Backfill backfill) {
    BackfillScan scan = new BackfillScan(backfill);
    try {
      for (JournalLane lane : journal.lanes()) {
        if (backfill.progress().until().sequence(lane.number()) > 0) {
          scan.lanes.add(LaneScan.open(lane, backfill));
        }
      }
    } catch (RuntimeException e) {
      scan.close();
      throw e;
    }
    return scan;
  }

  /** The position before the first record that can be read. */
  JournalPosition start() {
    TreeMap<Integer, Long> sequences = new TreeMap<>();
    lanes.forEach(lane -> sequences.put(lane.number(), lane.start()));
    sequences.values().removeIf(sequence -> sequence == 0);
    return new JournalPosition(sequences);
  }

  /** From when on everything received is read; null when that is everything. */
  @Nullable
  Instant completeFrom() {
    Instant from = backfill.from();
    if (from == null || start().equals(JournalPosition.START)) {
      return null;
    }
    long complete = Cycles.startMillis(Cycles.of(from.toEpochMilli()));
    for (LaneScan lane : lanes) {
      complete = Math.max(complete, lane.truncatedBeforeMillis());
    }
    return Instant.ofEpochMilli(complete);
  }

  /** The next frame to fold; null when all are. Valid until the next call. */
  @Nullable
  Frame next() {
    if (current != null) {
      current.take();
    }
    LaneScan earliest = null;
    for (LaneScan lane : lanes) {
      if (lane.frame() != null
          && (earliest == null || lane.receivedNanos() < earliest.receivedNanos())) {
        earliest = lane;
      }
    }
    current = earliest;
    return earliest == null ? null : earliest.frame();
  }

  /** How far all frames are folded, including the one that {@link #next} gave last. */
  JournalPosition done() {
    TreeMap<Integer, Long> sequences = new TreeMap<>();
    for (LaneScan lane : lanes) {
      sequences.put(lane.number(), lane == current ? lane.frameEnd() : lane.done());
    }
    sequences.values().removeIf(sequence -> sequence == 0);
    return new JournalPosition(sequences);
  }

  /** Where the last folded frame of each lane lies. */
  SortedMap<Integer, Long> locations() {
    TreeMap<Integer, Long> locations = new TreeMap<>();
    for (LaneScan lane : lanes) {
      long location = lane == current ? lane.frameLocation() : lane.location();
      if (location != 0) {
        locations.put(lane.number(), location);
      }
    }
    return Collections.unmodifiableSortedMap(locations);
  }

  @Override
  public void close() {
    lanes.forEach(LaneScan::close);
  }
}
