package dev.weir.metering.aggregate;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;

/**
 * A row of windows in memory, with what other tables hold of it; what its meter does not use is zero,
 * null or empty.
 *
 * @param moment of WEIGHTED_SUM: each change times its distance from the window's start
 * @param uniques how often each distinct value occurred, by its hash, or each operation on a key
 * @param values how often each value occurred, for percentiles
 */
public record StoredWindow(
    long events,
    BigDecimal sum,
    BigDecimal moment,
    BigDecimal min,
    BigDecimal max,
    Latest latest,
    Map<Object, Long> uniques,
    Map<BigDecimal, Long> values) {

  /**
   * The value of the latest event.
   *
   * @param identity the bytes that break ties, in hexadecimal
   */
  public record Latest(BigDecimal value, long nanos, String identity) {

    boolean isBefore(Latest other) {
      int byTime = Long.compare(nanos, other.nanos);
      int byIdentity = Arrays.compareUnsigned(bytes(identity), bytes(other.identity));
      return byTime != 0
          ? byTime < 0
          : byIdentity != 0 ? byIdentity < 0 : value.compareTo(other.value) < 0;
    }

    private static byte[] bytes(String hexadecimal) {
      return HexFormat.of().parseHex(hexadecimal);
    }
  }

  static StoredWindow of(WindowDelta delta) {
    BigDecimal latest = delta.latest();
    Map<BigDecimal, Long> values = new HashMap<>();
    delta.values().forEach((value, count) -> values.put(plain(value), count));
    Map<Object, Long> uniques = new HashMap<>(delta.uniques());
    uniques.putAll(delta.operations());
    // A value that was added and taken back leaves no row.
    values.values().removeIf(count -> count == 0);
    uniques.values().removeIf(count -> count == 0);
    return new StoredWindow(
        delta.events(),
        plain(delta.sum()),
        plain(delta.moment()),
        plain(delta.min()),
        plain(delta.max()),
        latest == null
            ? null
            : new Latest(
                plain(latest),
                delta.latestNanos(),
                HexFormat.of().formatHex(delta.latestIdentity())),
        uniques,
        values);
  }

  /** As the database keeps it: without zeros behind the point, and 1E+3 is 1000. */
  private static BigDecimal plain(BigDecimal value) {
    if (value == null) {
      return null;
    }
    return value.signum() == 0
        ? BigDecimal.ZERO
        : new BigDecimal(value.stripTrailingZeros().toPlainString());
  }

  /** What an upsert makes of this row and a delta. */
  StoredWindow plus(StoredWindow delta, boolean latestByArrival) {
    boolean later = latest == null
        || (delta.latest != null && (latestByArrival || latest.isBefore(delta.latest)));
    return new StoredWindow(
        events + delta.events,
        plain(sum.add(delta.sum)),
        plain(moment.add(delta.moment)),
        min == null || delta.min == null ? (min == null ? delta.min : min) : min.min(delta.min),
        max == null || delta.max == null ? (max == null ? delta.max : max) : max.max(delta.max),
        later ? delta.latest : latest,
        plus(uniques, delta.uniques),
        plus(values, delta.values));
  }

  private static <T> Map<T, Long> plus(Map<T, Long> counts, Map<T, Long> delta) {
    Map<T, Long> sum = new HashMap<>(counts);
    delta.forEach((value, count) -> sum.merge(value, count, Long::sum));
    sum.values().removeIf(count -> count == 0);
    return sum;
  }

  /** Whether nothing is left of it, so that the row goes. */
  boolean isEmpty() {
    return events == 0 && sum.signum() == 0 && moment.signum() == 0;
  }
}
