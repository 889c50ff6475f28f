package dev.weir.metering.aggregate;

import dev.weir.metering.event.EventTime;
import dev.weir.metering.meter.Aggregation;
import dev.weir.metering.usage.KeyOperation;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one window of one series gained since the last flush. Everything but the extremes can also be
 * taken back: a {@code sign} of -1 does that, in any order. Confined to one thread.
 */
final class WindowDelta {

  /** The 128-bit hash of a distinct value. */
  record ValueHash(long high, long low) {}

  private long events;
  private final ExactSum sum = new ExactSum();
  private BigDecimal moment = BigDecimal.ZERO;
  private @Nullable BigDecimal min;
  private @Nullable BigDecimal max;
  private @Nullable BigDecimal latest;
  private long latestNanos;
  private byte[] latestIdentity = new byte[0];
  private @Nullable Map<ValueHash, Long> uniques;
  private @Nullable Map<BigDecimal, Long> values;
  private @Nullable Map<KeyOperation, Long> operations;
  private boolean refold;

  void count(int sign) {
    events += sign;
  }

  void addInteger(long value, int sign) {
    events += sign;
    if (sign > 0) {
      sum.add(value);
    } else {
      sum.subtract(value);
    }
  }

  /** Adds {@code unscaled} units of {@code 10^-scale}; at most 18 digits. */
  void addScaled(long unscaled, int scale, int sign) {
    events += sign;
    sum.addScaled(sign > 0 ? unscaled : -unscaled, scale);
  }

  void addDecimal(BigDecimal value, int sign) {
    events += sign;
    sum.add(sign > 0 ? value : value.negate());
  }

  /** Adds a change of a level, {@code offsetNanos} after the window's start. */
  void addChange(BigDecimal value, long offsetNanos, int sign) {
    addDecimal(value, sign);
    moment = moment.add(value.multiply(BigDecimal.valueOf(sign * offsetNanos)));
  }

  void addExtreme(Aggregation aggregation, BigDecimal value) {
    events++;
    if (aggregation == Aggregation.MIN) {
      min = min == null ? value : min.min(value);
    } else {
      max = max == null ? value : max.max(value);
    }
  }

  /**
   * Keeps the value with the greatest time. Ties break by identity bytes and then, as an identity may
   * count again when it has been forgotten, by the value; never by arrival.
   */
  void addLatest(BigDecimal value, long timeNanos, byte[] bytes, int from, int length) {
    events++;
    int order = latest == null ? 1 : Long.compare(timeNanos, latestNanos);
    if (order == 0) {
      order = Arrays.compareUnsigned(
          bytes, from, from + length, latestIdentity, 0, latestIdentity.length);
    }
    if (order == 0 && latest != null) {
      order = value.compareTo(latest);
    }
    if (order > 0) {
      latest = value;
      latestNanos = timeNanos;
      latestIdentity = Arrays.copyOfRange(bytes, from, from + length);
    }
  }

  /** Gives whether the value is new to this delta. */
  boolean addUnique(ValueHash hash, int sign) {
    events += sign;
    if (uniques == null) {
      uniques = new HashMap<>();
    }
    int before = uniques.size();
    uniques.merge(hash, (long) sign, Long::sum);
    return uniques.size() > before;
  }

  /** Gives whether the value is new to this delta. */
  boolean addValue(BigDecimal value, int sign) {
    events += sign;
    if (values == null) {
      values = new HashMap<>();
    }
    int before = values.size();
    values.merge(value.stripTrailingZeros(), (long) sign, Long::sum);
    return values.size() > before;
  }

  /** Gives whether the operation is new to this delta. */
  boolean addOperation(KeyOperation operation, int sign) {
    events += sign;
    if (operations == null) {
      operations = new HashMap<>();
    }
    int before = operations.size();
    operations.merge(operation, (long) sign, Long::sum);
    return operations.size() > before;
  }

  /** Adds what another window gained that starts some minutes later and lies in this longer one. */
  void merge(WindowDelta part, long minutesLater) {
    events += part.events;
    BigDecimal partSum = part.sum.value();
    sum.add(partSum);
    moment = moment
        .add(part.moment)
        .add(partSum.multiply(BigDecimal.valueOf(minutesLater * EventTime.NANOS_PER_MINUTE)));
    long before = events;
    if (part.min != null) {
      addExtreme(Aggregation.MIN, part.min);
    }
    if (part.max != null) {
      addExtreme(Aggregation.MAX, part.max);
    }
    if (part.latest != null) {
      addLatest(part.latest, part.latestNanos, part.latestIdentity, 0, part.latestIdentity.length);
    }
    events = before;
    mergeOccurrences(part);
  }

  private void mergeOccurrences(WindowDelta part) {
    if (part.uniques != null) {
      uniques = uniques == null ? new HashMap<>() : uniques;
      for (Map.Entry<ValueHash, Long> entry : part.uniques.entrySet()) {
        uniques.merge(entry.getKey(), entry.getValue(), Long::sum);
      }
    }
    if (part.operations != null) {
      operations = operations == null ? new HashMap<>() : operations;
      for (Map.Entry<KeyOperation, Long> entry : part.operations.entrySet()) {
        operations.merge(entry.getKey(), entry.getValue(), Long::sum);
      }
    }
    if (part.values != null) {
      values = values == null ? new HashMap<>() : values;
      for (Map.Entry<BigDecimal, Long> entry : part.values.entrySet()) {
        values.merge(entry.getKey(), entry.getValue(), Long::sum);
      }
    }
  }

  /** Notes that an extreme was taken back: only all events of the window tell what it is now. */
  void refold() {
    refold = true;
  }

  boolean needsRefold() {
    return refold;
  }

  long events() {
    return events;
  }

  BigDecimal sum() {
    return sum.value();
  }

  /** The sum of each change times its distance from the window's start, in nanoseconds. */
  BigDecimal moment() {
    return moment;
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

  /** How many occurrences each distinct value gained; never empty of meaning but maybe zero. */
  Map<ValueHash, Long> uniques() {
    return uniques == null ? Map.of() : uniques;
  }

  /** How many occurrences each value gained; keys without trailing zeros. */
  Map<BigDecimal, Long> values() {
    return values == null ? Map.of() : values;
  }

  /** How often each operation on a key came. */
  Map<KeyOperation, Long> operations() {
    return operations == null ? Map.of() : operations;
  }
}
