package dev.weir.metering.meter;

import dev.weir.metering.event.EventTime;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How events of one type become a quantity, for one tenant.
 *
 * @param key unique within the tenant; OpenMeter calls it slug
 * @param label what people call it; no part of its meaning
 * @param valueProperty where the value is; null exactly when the aggregation is COUNT
 * @param groupBy dimension name to path, in name order
 * @param filter path to allowed values as text; an event counts only if every path matches
 * @param usageId what its usage is kept under: its own id, until a backfill has counted it anew
 */
public record Meter(
    UUID id,
    UUID tenantId,
    String key,
    MeterLabel label,
    String eventType,
    Aggregation aggregation,
    @Nullable JsonPath valueProperty,
    SortedMap<String, JsonPath> groupBy,
    Map<String, Set<String>> filter,
    MeterOptions options,
    Instant createdAt,
    Instant updatedAt,
    UUID usageId) {

  public static final int GROUP_BY_MAX = 32;

  public Meter {
    groupBy = Collections.unmodifiableSortedMap(new TreeMap<>(groupBy));
    filter = MeterOptions.copy(filter);
  }

  /** A meter without a name and without options. */
  public Meter(
      UUID id,
      UUID tenantId,
      String key,
      @Nullable String description,
      String eventType,
      Aggregation aggregation,
      @Nullable JsonPath valueProperty,
      SortedMap<String, JsonPath> groupBy,
      Map<String, Set<String>> filter,
      Instant createdAt,
      Instant updatedAt) {
    this(
        id,
        tenantId,
        key,
        MeterLabel.describing(description),
        eventType,
        aggregation,
        valueProperty,
        groupBy,
        filter,
        MeterOptions.NONE,
        createdAt,
        updatedAt);
  }

  /** A meter whose usage was never counted anew. */
  public Meter(
      UUID id,
      UUID tenantId,
      String key,
      MeterLabel label,
      String eventType,
      Aggregation aggregation,
      @Nullable JsonPath valueProperty,
      SortedMap<String, JsonPath> groupBy,
      Map<String, Set<String>> filter,
      MeterOptions options,
      Instant createdAt,
      Instant updatedAt) {
    this(
        id,
        tenantId,
        key,
        label,
        eventType,
        aggregation,
        valueProperty,
        groupBy,
        filter,
        options,
        createdAt,
        updatedAt,
        id);
  }

  /** This meter as it is after a change, with its usage kept under another id. */
  public Meter counting(MeterChange change, UUID newUsageId) {
    return new Meter(
        id,
        tenantId,
        key,
        label,
        eventType,
        aggregation,
        change.valueProperty(),
        change.groupBy(),
        change.filter(),
        change.options(),
        createdAt,
        updatedAt,
        newUsageId);
  }

  /** The time from which an event counts: its own, or the start of its day. */
  public long countsFromNanos(long timeNanos) {
    ZoneId zone = options.weightingZone();
    if (zone == null) {
      return timeNanos;
    }
    LocalDate day = EventTime.instant(timeNanos).atZone(zone).toLocalDate();
    return EventTime.nanos(day.atStartOfDay(zone).toInstant());
  }

  /** The time up to which a key counts that an event removes: the event's own, or the end of its day. */
  public long countsUntilNanos(long timeNanos) {
    ZoneId zone = options.weightingZone();
    if (zone == null) {
      return timeNanos;
    }
    LocalDate day = EventTime.instant(timeNanos).atZone(zone).toLocalDate();
    return EventTime.nanos(day.plusDays(1).atStartOfDay(zone).toInstant());
  }

  /** Whether values are answered as they are, neither rounded nor bounded, so that they add up. */
  public boolean keepsEveryDigit() {
    return options.rounding() == null && !options.nonNegative();
  }
}
