package dev.weir.metering.backfill;

import dev.weir.metering.journal.Cycles;
import dev.weir.metering.journal.Frame;
import dev.weir.metering.journal.Journal;
import dev.weir.metering.journal.JournalCorrupt;
import dev.weir.metering.journal.JournalLane;
import dev.weir.metering.journal.JournalPosition;
import dev.weir.metering.journal.VoidOrder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The frames that a backfill has to read, of all lanes together in order of receipt: so a minute's
 * events come together, and its windows are written once. Used by one thread at a time; may block on an
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
   * @param until where the journal ends for now
   * @throws JournalIncomplete when what is to be read has been removed
   * @throws JournalCorrupt when the journal does not read back
   */
  static BackfillScan open(Journal journal, Backfill backfill, JournalPosition until) {
    BackfillScan scan = new BackfillScan(backfill);
    try {
      for (JournalLane lane : journal.lanes()) {
        scan.lanes.add(LaneScan.open(lane, backfill, until.sequence(lane.number())));
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
    lanes.forEach(lane -> put(sequences, lane, lane.start()));
    return new JournalPosition(sequences);
  }

  private static void put(SortedMap<Integer, Long> sequences, LaneScan lane, long value) {
    if (value > 0) {
      sequences.put(lane.number(), value);
    }
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

  /** Moves the end; the journal must be flushed up to there. */
  void extendTo(JournalPosition until) {
    lanes.forEach(lane -> lane.extendTo(until.sequence(lane.number())));
  }

  /** The next frame to fold, the same until it is {@link #taken}; null when all are. */
  @Nullable
  Frame next() {
    LaneScan earliest = null;
    Frame first = null;
    boolean firstIsAllowed = false;
    for (LaneScan lane : lanes) {
      Frame frame = lane.next();
      if (frame != null) {
        boolean allowed = lanes.size() == 1 || VoidOrder.allows(frame, this::done);
        boolean better = first == null
            || (allowed == firstIsAllowed
                ? frame.firstReceivedNanos() < first.firstReceivedNanos()
                : allowed);
        if (better) {
          earliest = lane;
          first = frame;
          firstIsAllowed = allowed;
        }
      }
    }
    current = earliest;
    return first;
  }

  private long done(int lane) {
    return lanes.stream()
        .filter(scan -> scan.number() == lane)
        .mapToLong(LaneScan::done)
        .findFirst()
        .orElse(Long.MAX_VALUE);
  }

  /** The frame that {@link #next} gave is folded. */
  void taken() {
    LaneScan lane = current;
    if (lane == null) {
      throw new IllegalStateException("there was no frame");
    }
    lane.taken();
    current = null;
  }

  /** How far all frames are folded. */
  JournalPosition done() {
    TreeMap<Integer, Long> sequences = new TreeMap<>();
    lanes.forEach(lane -> put(sequences, lane, lane.done()));
    return new JournalPosition(sequences);
  }

  /** Where the last folded frame of each lane lies. */
  SortedMap<Integer, Long> locations() {
    TreeMap<Integer, Long> locations = new TreeMap<>();
    lanes.forEach(lane -> put(locations, lane, lane.location()));
    return Collections.unmodifiableSortedMap(locations);
  }

  @Override
  public void close() {
    lanes.forEach(LaneScan::close);
  }
}
