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
   * A percentile by nearest rank: the smallest value such that at least {@code p} % of the values are
   * less than or equal to it. Always one of the values, exact, never interpolated.
   */
  PERCENTILE;

  public boolean takesValue() {
    return this != COUNT;
  }

  /** Whether the value must be a decimal; UNIQUE_COUNT takes any scalar. */
  public boolean takesDecimal() {
    return this != COUNT && this != UNIQUE_COUNT;
  }

  /**
   * Whether a window keeps only what stands out among its events, so that taking one event back needs
   * the others.
   */
  public boolean keepsExtremes() {
    return switch (this) {
      case MIN, MAX, LATEST -> true;
      case COUNT, SUM, AVG, UNIQUE_COUNT, WEIGHTED_SUM, PERCENTILE -> false;
    };
  }
}
