package dev.weir.metering.usage;

import dev.weir.metering.Quantity;
import java.time.Instant;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One answer row.
 *
 * @param windowStart inclusive; for a query without windows the range's start, or the first minute
 *     with usage when the range is open
 * @param windowEnd exclusive
 * @param subject only when asked for
 * @param groupBy only the dimensions asked for; an event without the dimension has the empty text
 */
public record UsageRow(
    Quantity value,
    Instant windowStart,
    Instant windowEnd,
    @Nullable String subject,
    SortedMap<String, String> groupBy) {

  public UsageRow {
    groupBy = Collections.unmodifiableSortedMap(new TreeMap<>(groupBy));
  }
}
