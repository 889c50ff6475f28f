package dev.weir.metering.asof;

import dev.weir.metering.MeteringError;
import dev.weir.metering.Refusal;
import dev.weir.metering.event.EventTime;
import dev.weir.metering.journal.JournalPosition;
import dev.weir.metering.journal.JournaledEvent;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/**
 * A moment in the past of what was known; one of the two is given.
 *
 * @param position what lies after it in the journal is not known
 * @param time what was received after it is not known
 */
public record AsOf(
    @Nullable JournalPosition position, @Nullable Instant time) {

  /**
   * Reads a position such as {@code 0:4711} or a time such as {@code 2026-11-21T10:15:00Z}; refuses with
   * USAGE_AS_OF_INVALID what is neither, or lies ahead.
   */
  public static AsOf parse(String text, JournalPosition flushed, Instant now) {
    if (text.indexOf('T') < 0) {
      JournalPosition position = JournalPosition.parse(text, "asOf");
      if (!flushed.reaches(position)) {
        throw refusal("lies beyond the journal's end, %s".formatted(flushed));
      }
      return new AsOf(position, null);
    }
    Instant time;
    try {
      time = OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeParseException e) {
      throw refusal("must be a position such as \"0:4711\", or an RFC 3339 time");
    }
    if (time.isAfter(now) || time.isBefore(Instant.EPOCH)) {
      throw refusal("must be a time from 1970 to now; what will be known is not known");
    }
    return new AsOf(null, time);
  }

  private static Refusal refusal(String what) {
    return new Refusal(MeteringError.USAGE_AS_OF_INVALID, "asOf", "'asOf' %s.".formatted(what));
  }

  /** Whether a record was known. */
  boolean knows(JournaledEvent record) {
    return position == null
        ? record.receivedNanos() <= EventTime.nanos(java.util.Objects.requireNonNull(time))
        : record.sequence() <= position.sequence(record.lane());
  }
}
