package dev.weir.metering.explorer;

import dev.weir.metering.MeteringError;
import dev.weir.metering.Refusal;
import dev.weir.metering.event.EventTime;
import java.time.Instant;

/**
 * Where a page ended: the next one begins with the event right after it in the order of the list, which
 * is event time, then lane and sequence, all descending. Printed as {@code 1772712000000000000.0.4711},
 * which clients should not read anything into.
 */
public record EventCursor(long timeNanos, int lane, long sequence) {

  /** Reads the printed form; refuses with EVENTS_CURSOR_INVALID. */
  public static EventCursor parse(String text) {
    if (!text.matches("[0-9]{1,19}\\.[0-9]{1,2}\\.[0-9]{1,16}")) {
      throw invalid();
    }
    String[] parts = text.split("\\.", 3);
    try {
      return new EventCursor(
          Long.parseLong(parts[0]), Integer.parseInt(parts[1]), Long.parseLong(parts[2]));
    } catch (NumberFormatException e) {
      throw invalid();
    }
  }

  private static Refusal invalid() {
    return new Refusal(
        MeteringError.EVENTS_CURSOR_INVALID,
        "cursor",
        "'cursor' must be one that the answer with the page before gave.");
  }

  /** The event time of the event that ended the page. */
  public Instant time() {
    return EventTime.instant(timeNanos);
  }

  DescendingEntries.Below below() {
    return new DescendingEntries.Below(timeNanos, lane, sequence);
  }

  @Override
  public String toString() {
    return timeNanos + "." + lane + "." + sequence;
  }
}
