package dev.weir.metering.meter;

import java.math.BigDecimal;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a meter does beyond its aggregation. All of it decides what past usage means and changes
 * only with it, see {@link MeterChange}.
 *
 * @param percentile over 0 up to 100, at most 4 decimals; exactly when the aggregation is PERCENTILE
 * @param exclude events that do not count: those which match every condition (path to values) of any of
 *     these
 * @param rounding of each value that is answered; null keeps every digit
 * @param nonNegative whether a value below zero is answered as zero
 * @param weightingZone for levels: null when a change of the level counts from the instant of its event;
 *     otherwise it counts from the start of its event's day in this zone, or, where the event removes a
 *     key, from the end of it
 * @param operationProperty for WEIGHTED_UNIQUE_COUNT: where an event says whether it adds or removes its
 *     key, by the texts {@code add} and {@code remove}; where it says nothing it adds; null when all
 *     events add
 */
public record MeterOptions(
    @Nullable BigDecimal percentile,
    List<Map<String, Set<String>>> exclude,
    @Nullable QuantityRounding rounding,
    boolean nonNegative,
    @Nullable ZoneId weightingZone,
    @Nullable JsonPath operationProperty) {

  public static final MeterOptions NONE = new MeterOptions(null, List.of(), null, false, null);

  /** Most entries of {@code exclude}. */
  public static final int EXCLUDE_MAX = 50;

  /** Most conditions in a filter, and in one entry of {@code exclude}. */
  public static final int CONDITIONS_MAX = 32;

  /** Most values of one condition. */
  public static final int VALUES_MAX = 100;

  public MeterOptions {
    percentile = percentile == null ? null : percentile.stripTrailingZeros();
    exclude = exclude.stream().map(MeterOptions::copy).toList();
  }

  /** Options of a meter whose events add only. */
  public MeterOptions(
      @Nullable BigDecimal percentile,
      List<Map<String, Set<String>>> exclude,
      @Nullable QuantityRounding rounding,
      boolean nonNegative,
      @Nullable ZoneId weightingZone) {
    this(percentile, exclude, rounding, nonNegative, weightingZone, null);
  }

  static Map<String, Set<String>> copy(Map<String, Set<String>> conditions) {
    return conditions.entrySet().stream()
        .collect(
            Collectors.toUnmodifiableMap(Map.Entry::getKey, entry -> Set.copyOf(entry.getValue())));
  }

  /** The options with nothing but a percentile. */
  public static MeterOptions percentile(String percentile) {
    return new MeterOptions(new BigDecimal(percentile), List.of(), null, false, null);
  }
}
