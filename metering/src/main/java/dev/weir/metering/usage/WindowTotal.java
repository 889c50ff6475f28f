package dev.weir.metering.usage;

import dev.weir.metering.Quantity;
import dev.weir.metering.meter.Meter;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Minute windows added up to one answer. Confined to one thread. */
final class WindowTotal {

  private long events;
  private BigDecimal sum = BigDecimal.ZERO;
  private BigDecimal sumByMinute = BigDecimal.ZERO;
  private BigDecimal moment = BigDecimal.ZERO;
  private @Nullable BigDecimal min;
  private @Nullable BigDecimal max;
  private @Nullable BigDecimal latest;
  private long latestNanos;
  private byte[] latestIdentity = new byte[0];
  private final Map<UUID, Long> uniques = new HashMap<>();
  private final TreeMap<BigDecimal, Long> values = new TreeMap<>();
  private final Map<KeyOperation, Long> operations = new HashMap<>();

  /**
   * Adds a window, or takes one back that was added before.
   *
   * @param sign 1 or -1; what keeps extremes cannot be taken back
   */
  void add(UsageWindow window, int sign) {
    BigDecimal change = BigDecimal.valueOf(sign);
    addSums(new LevelMean.Sums(
        sign * window.events(),
        window.sum().multiply(change),
        window.sum().multiply(BigDecimal.valueOf(sign * window.minute())),
        window.moment().multiply(change)));
    addExtremes(window.min(), window.max());
    addLatest(window.latest(), window.latestNanos(), window.latestIdentity());
    window.uniques().forEach((value, count) -> addUnique(value, sign * count));
    window.values().forEach((value, count) -> addValue(value, sign * count));
    window.operations().forEach((operation, count) -> addOperation(operation, sign * count));
  }

  void addSums(LevelMean.Sums sums) {
    events += sums.events();
    sum = sum.add(sums.sum());
    sumByMinute = sumByMinute.add(sums.sumByMinute());
    moment = moment.add(sums.moment());
  }

  void addEvents(long count) {
    events += count;
  }

  void addExtremes(@Nullable BigDecimal least, @Nullable BigDecimal greatest) {
    min = min == null || least == null ? (min == null ? least : min) : min.min(least);
    max = max == null || greatest == null ? (max == null ? greatest : max) : max.max(greatest);
  }

  void addLatest(@Nullable BigDecimal value, long nanos, byte[] identity) {
    if (value != null && (latest == null || isLater(value, nanos, identity))) {
      latest = value;
      latestNanos = nanos;
      latestIdentity = identity;
    }
  }

  void addUnique(UUID value, long count) {
    uniques.merge(value, count, Long::sum);
  }

  void addValue(BigDecimal value, long count) {
    values.merge(value, count, Long::sum);
  }

  void addOperation(KeyOperation operation, long count) {
    operations.merge(operation, count, Long::sum);
  }

  /** How often each operation on a key came; none, or less, for those taken back. */
  Map<KeyOperation, Long> operations() {
    return operations;
  }

  /** By time, then by identity, then by value: as windows are folded. */
  private boolean isLater(BigDecimal value, long nanos, byte[] identity) {
    int order = Long.compare(nanos, latestNanos);
    if (order == 0) {
      order = Arrays.compareUnsigned(identity, latestIdentity);
    }
    return (order == 0 ? value.compareTo(known(latest)) : order) > 0;
  }

  boolean isEmpty() {
    return events <= 0;
  }

  LevelMean.Sums sums() {
    return new LevelMean.Sums(events, sum, sumByMinute, moment);
  }

  /** The meter's value; there must be events. */
  Quantity value(Meter meter) {
    return switch (meter.aggregation()) {
      case COUNT -> UsageValue.of(meter, BigDecimal.valueOf(events));
      case SUM -> UsageValue.of(meter, sum);
      case AVG -> UsageValue.of(meter, sum, BigDecimal.valueOf(events));
      case MIN -> UsageValue.of(meter, known(min));
      case MAX -> UsageValue.of(meter, known(max));
      case LATEST -> UsageValue.of(meter, known(latest));
      case UNIQUE_COUNT ->
        UsageValue.of(
            meter,
            BigDecimal.valueOf(
                uniques.values().stream().filter(count -> count > 0).count()));
      case PERCENTILE -> UsageValue.of(meter, percentile(known(meter.options().percentile())));
      case WEIGHTED_SUM, WEIGHTED_UNIQUE_COUNT ->
        throw new IllegalStateException("a level is no sum of windows");
    };
  }

  /** Nearest rank: the first value up to which at least p % of all values come. */
  private BigDecimal percentile(BigDecimal percentile) {
    long total = values.values().stream().mapToLong(count -> Math.max(0, count)).sum();
    BigDecimal rank = percentile.multiply(BigDecimal.valueOf(total));
    long upTo = 0;
    for (Map.Entry<BigDecimal, Long> entry : values.entrySet()) {
      upTo += Math.max(0, entry.getValue());
      if (entry.getValue() > 0 && BigDecimal.valueOf(upTo * 100).compareTo(rank) >= 0) {
        return entry.getKey();
      }
    }
    throw new IllegalStateException("a percentile of no values");
  }

  private static BigDecimal known(@Nullable BigDecimal value) {
    if (value == null) {
      throw new IllegalStateException("windows with events have their meter's values");
    }
    return value;
  }
}
