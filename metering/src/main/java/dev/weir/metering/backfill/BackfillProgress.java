package dev.weir.metering.backfill;

import dev.weir.metering.journal.JournalPosition;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * How far a backfill has read.
 *
 * @param start the position before the first record to read; null until a worker has looked
 * @param until where the journal's visible part ended when last looked at; moves on until the backfill
 *     has caught up
 * @param done everything up to here is counted and stored
 * @param locations where the last read frame of each lane lies; absent where none was read
 * @param completeFrom events received from this time on are all counted; null when all are, or until a
 *     worker has looked
 * @param chunks transactions so far: the fence
 * @param scanned records read, of whatever tenant and type
 * @param counted events that count for the meter
 * @param skipped events that the meter cannot use
 * @param workingNanos time that workers have spent
 */
public record BackfillProgress(
    @Nullable JournalPosition start,
    JournalPosition until,
    JournalPosition done,
    SortedMap<Integer, Long> locations,
    @Nullable Instant completeFrom,
    long chunks,
    long scanned,
    long counted,
    long skipped,
    long workingNanos) {

  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  /** Nothing is read yet. */
  static BackfillProgress none(JournalPosition until) {
    return new BackfillProgress(
        null, until, JournalPosition.START, Collections.emptySortedMap(), null, 0, 0, 0, 0, 0);
  }

  /** A worker has looked where the journal begins. */
  BackfillProgress started(JournalPosition from, @Nullable Instant complete) {
    return new BackfillProgress(
        from,
        until,
        from,
        locations,
        complete,
        chunks + 1,
        scanned,
        counted,
        skipped,
        workingNanos);
  }

  /** More has been counted and will be stored. */
  BackfillProgress moved(
      JournalPosition seen,
      JournalPosition to,
      SortedMap<Integer, Long> at,
      long scannedMore,
      long countedMore,
      long skippedMore,
      long nanos) {
    return new BackfillProgress(
        start,
        seen,
        to,
        at,
        completeFrom,
        chunks + 1,
        scanned + scannedMore,
        counted + countedMore,
        skipped + skippedMore,
        workingNanos + nanos);
  }

  /** Records to read in all; 0 until a worker has looked. */
  public long total() {
    return start == null ? 0 : distance(start, until);
  }

  /** Records from one position to a later one. */
  static long distance(JournalPosition from, JournalPosition to) {
    long distance = 0;
    for (Map.Entry<Integer, Long> lane : to.sequences().entrySet()) {
      distance += lane.getValue() - Math.min(lane.getValue(), from.sequence(lane.getKey()));
    }
    return distance;
  }

  /** The part of the records that is read, with two decimals, rounded down. */
  public BigDecimal percent() {
    if (start == null) {
      return BigDecimal.ZERO.setScale(2);
    }
    long total = total();
    BigDecimal hundred = BigDecimal.valueOf(100);
    return total == 0
        ? hundred.setScale(2)
        : BigDecimal.valueOf(distance(start, done))
            .multiply(hundred)
            .divide(BigDecimal.valueOf(total), 2, RoundingMode.DOWN);
  }

  /** Records read a second of working time; 0 as long as that is too short to tell. */
  public long perSecond() {
    return workingNanos == 0
        ? 0
        : BigDecimal.valueOf(scanned)
            .multiply(BigDecimal.valueOf(NANOS_PER_SECOND))
            .divide(BigDecimal.valueOf(workingNanos), 0, RoundingMode.DOWN)
            .longValueExact();
  }
}
