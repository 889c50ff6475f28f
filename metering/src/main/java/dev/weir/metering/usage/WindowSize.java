package dev.weir.metering.usage;

/** The grain of a usage query. */
public enum WindowSize {
  MINUTE,
  HOUR,
  DAY,
  MONTH
}
