package dev.weir.metering.aggregate;

import dev.weir.metering.meter.Aggregation;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What one minute window of one series gained since the last flush. Confined to one thread. */
final class WindowDelta {

  /** The 128-bit hash of a distinct value. */
  record ValueHash(long high, long low) {}

  private long events;
  private final ExactSum sum = new ExactSum();
  private @Nullable BigDecimal min;
  private @Nullable BigDecimal max;
  private @Nullable BigDecimal latest;
  private long latestNanos;
  private byte[] latestIdentity = new byte[0];
  private @Nullable Set<ValueHash> uniques;

  void count() {
    events++;
  }

  void addInteger(long value) {
    events++;
    sum.add(value);
  }

  void addDecimal(BigDecimal value) {
    events++;
    sum.add(value);
  }

  void addExtreme(Aggregation aggregation, BigDecimal value) {
    events++;
    if (aggregation == Aggregation.MIN) {
      min = min == null ? value : min.min(value);
    } else {
      max = max == null ? value : max.max(value);
    }
  }

  /** Keeps the value with the greatest time; ties break by identity bytes, never by arrival. */
  void addLatest(BigDecimal value, long timeNanos, byte[] bytes, int from, int length) {
    events++;
    boolean later = latest == null || timeNanos > latestNanos;
    boolean tie = latest != null && timeNanos == latestNanos;
    if (later
        || (tie
            && Arrays.compareUnsigned(
                    bytes, from, from + length, latestIdentity, 0, latestIdentity.length)
                > 0)) {
      latest = value;
      latestNanos = timeNanos;
      latestIdentity = Arrays.copyOfRange(bytes, from, from + length);
    }
  }

  /** Gives whether the value is new to this delta. */
  boolean addUnique(ValueHash hash) {
    events++;
    if (uniques == null) {
      uniques = new HashSet<>();
    }
    return uniques.add(hash);
  }

  long events() {
    return events;
  }

  BigDecimal sum() {
    return sum.value();
  }

  @Nullable
  BigDecimal min() {
    return min;
  }

  @Nullable
  BigDecimal max() {
    return max;
  }

  @Nullable
  BigDecimal latest() {
    return latest;
  }

  long latestNanos() {
    return latestNanos;
  }

  byte[] latestIdentity() {
    return latestIdentity;
  }

  Set<ValueHash> uniques() {
    return uniques == null ? Set.of() : uniques;
  }
}
