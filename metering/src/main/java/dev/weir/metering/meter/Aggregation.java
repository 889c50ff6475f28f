package dev.weir.metering.meter;

/** How a meter turns the values of a window's events into one quantity. */
public enum Aggregation {
  /** The number of events; takes no value property. */
  COUNT,
  /** The exact sum of the values. */
  SUM,
  MIN,
  MAX,
  /** The sum divided by the number of events, to 18 decimals, half up. */
  AVG,
  /** The value of the event with the greatest time; ties break by event source and id, then by value. */
  LATEST,
  /** The exact number of distinct values, compared as text. */
  UNIQUE_COUNT,
  /**
   * The mean of a level over time, where each value is a change of the level: with the level {@code
   * L(t)} the sum of all values with a time up to {@code t}, over all history, the value of {@code [a,
   * b)} is {@code 1 / (b - a) * integral of L(t) dt from a to b}. Exact to the nanosecond; divided once,
   * at the end, to 18 decimals, half up. The level carries on through windows and periods without
   * events. (What Lago calls weighted sum.)
   */
  WEIGHTED_SUM,
  /**
   * The mean number of keys that are present over time, where each event adds its value, a key, or
   * removes it, as the meter's operation property says. A key is present from the first event that adds
   * it to the next that removes it, whatever comes twice: adding what is present and removing what is not
   * changes nothing. With the level {@code L(t)} the number of keys present at {@code t}, over all history,
   * the value of {@code [a, b)} is {@code 1 / (b - a) * integral of L(t) dt from a to b}, as of a
   * WEIGHTED_SUM; so what is present stays so through windows and periods without events. Where the meter
   * weights by days, a key counts for every day on which it was present at all: from the start of the day
   * on which it was added to the end of the day on which it was removed, and for each of them once.
   *
   * <p>Keys are compared as text, and one key is the same in all events that are asked for, whatever
   * their subject. Of events with one key at the same instant, removing comes last. A window in which no
   * key is present has no row. (What Lago calls a prorated unique count; its rule of whole days is the
   * public source of the one here.)
   */
  WEIGHTED_UNIQUE_COUNT,
  /**
   * A percentile by nearest rank: the smallest value such that at least {@code p} % of the values are
   * less than or equal to it. Always one of the values, exact, never interpolated.
   */
  PERCENTILE;

  public boolean takesValue() {
    return this != COUNT;
  }

  /** Whether the value must be a decimal; distinct values and keys may be any scalar. */
  public boolean takesDecimal() {
    return this != COUNT && this != UNIQUE_COUNT && this != WEIGHTED_UNIQUE_COUNT;
  }

  /** Whether the answer is the mean of a level that events change, and that goes on without them. */
  public boolean isLevel() {
    return this == WEIGHTED_SUM || this == WEIGHTED_UNIQUE_COUNT;
  }

  /**
   * Whether a window keeps only what stands out among its events, so that taking one event back needs
   * the others.
   */
  public boolean keepsExtremes() {
    return switch (this) {
      case MIN, MAX, LATEST -> true;
      case COUNT, SUM, AVG, UNIQUE_COUNT, WEIGHTED_SUM, WEIGHTED_UNIQUE_COUNT, PERCENTILE -> false;
    };
  }
}
