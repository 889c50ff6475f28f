package dev.weir.metering.meter;

import java.time.Instant;
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
    Instant updatedAt) {

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

  /** Whether values are answered as they are, neither rounded nor bounded, so that they add up. */
  public boolean keepsEveryDigit() {
    return options.rounding() == null && !options.nonNegative();
  }
}
