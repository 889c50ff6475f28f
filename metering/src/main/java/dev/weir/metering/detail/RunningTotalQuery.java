package dev.weir.metering.detail;

import dev.weir.metering.Quantity;
import dev.weir.metering.usage.UsageQuery;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A question about running totals.
 *
 * @param events the meter, range, subjects and dimensions of the events; how it splits does not matter
 * @param until the answer ends with the first event whose total is greater than this; null goes on
 * @param limit most events of one page
 * @param cursor where the page before ended; null for the first
 */
public record RunningTotalQuery(
    UsageQuery events,
    @Nullable Quantity until,
    int limit,
    @Nullable RunningTotalCursor cursor) {

  public static final int LIMIT_MAX = 1_000;

  public RunningTotalQuery {
    if (limit < 1 || limit > LIMIT_MAX) {
      throw new IllegalArgumentException("a page has from 1 to " + LIMIT_MAX + " events: " + limit);
    }
  }

  /** Tells one question from another, so that no cursor is taken for another's. */
  String fingerprint() {
    return Integer.toHexString(Objects.hash(
        events.meter().usageId(),
        events.from(),
        events.to(),
        events.subjects(),
        events.filterGroupBy()));
  }
}
