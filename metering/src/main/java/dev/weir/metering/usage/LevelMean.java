package dev.weir.metering.usage;

import dev.weir.metering.event.EventTime;
import java.math.BigDecimal;
import java.time.Instant;

/**
 * The time-weighted mean of a level, from sums over minute windows. The level is {@code L(t)}, the sum of
 * all changes with a time up to {@code t}; the mean over {@code [a, b)} is
 *
 * <pre>
 * 1/(b - a) * integral of L(t) dt = 1/(b - a) * (L(a-) * (b - a) + sum of change_i * (b - t_i))
 * </pre>
 *
 * With {@code t_i = minute_i + offset_i}, and per window the sums {@code S} of the changes and {@code M}
 * of {@code change * offset}, the last sum is {@code b * sum(S) - sum(S * minute) - sum(M)}: windows need
 * only be added up. All in nanoseconds, all exact. (The public source of the formula is Lago's weighted
 * sum aggregation, which takes changes of a level too.)
 */
final class LevelMean {

  private static final BigDecimal NANOS_PER_MINUTE = BigDecimal.valueOf(EventTime.NANOS_PER_MINUTE);

  private LevelMean() {}

  /**
   * What the windows of one stretch of time come to.
   *
   * @param events how many changes there were
   * @param sum of the changes
   * @param sumByMinute of each window's sum times its minute, counted from 1970
   * @param moment of each change times its distance from its window's start, in nanoseconds
   */
  record Sums(long events, BigDecimal sum, BigDecimal sumByMinute, BigDecimal moment) {
    static final Sums NONE = new Sums(0, BigDecimal.ZERO, BigDecimal.ZERO, BigDecimal.ZERO);

    Sums plus(Sums other) {
      return new Sums(
          events + other.events,
          sum.add(other.sum),
          sumByMinute.add(other.sumByMinute),
          moment.add(other.moment));
    }
  }

  /** The integral of the level over {@code [from, to)}, in units times nanoseconds. */
  static BigDecimal integral(BigDecimal levelBefore, Sums sums, Instant from, Instant to) {
    return levelBefore
        .multiply(nanosBetween(from, to))
        .add(sums.sum().multiply(nanos(to)))
        .subtract(sums.sumByMinute().multiply(NANOS_PER_MINUTE))
        .subtract(sums.moment());
  }

  static BigDecimal nanosBetween(Instant from, Instant to) {
    return nanos(to).subtract(nanos(from));
  }

  /** Beyond what a long holds: ranges may reach to the year 9999. */
  private static BigDecimal nanos(Instant time) {
    return BigDecimal.valueOf(time.getEpochSecond())
        .multiply(BigDecimal.valueOf(EventTime.NANOS_PER_SECOND))
        .add(BigDecimal.valueOf(time.getNano()));
  }
}
