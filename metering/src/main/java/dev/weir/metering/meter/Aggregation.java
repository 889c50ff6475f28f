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
  /** The value of the event with the greatest time; ties break by event source and id. */
  LATEST,
  /** The exact number of distinct values, compared as text. */
  UNIQUE_COUNT;

  public boolean takesValue() {
    return this != COUNT;
  }

  /** Whether the value must be a decimal; UNIQUE_COUNT takes any scalar. */
  public boolean takesDecimal() {
    return this != COUNT && this != UNIQUE_COUNT;
  }
}
