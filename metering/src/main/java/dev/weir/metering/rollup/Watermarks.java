package dev.weir.metering.rollup;

import dev.weir.metering.usage.Grain;

/**
 * How far windows are rolled up, in minutes since 1970.
 *
 * @param hoursTo every window before is in the hours; start of an hour
 * @param daysTo every window before is in the days; start of a day, at most hoursTo
 * @param minutesFrom minutes before are not kept; start of a month, at most daysTo; START where all are
 */
public record Watermarks(long hoursTo, long daysTo, long minutesFrom) {

  /** No window starts before. */
  static final long START = Grain.FIRST.getEpochSecond() / 60;

  /** Whether the minute is kept. */
  public boolean keeps(long minute) {
    return minute >= minutesFrom;
  }
}
