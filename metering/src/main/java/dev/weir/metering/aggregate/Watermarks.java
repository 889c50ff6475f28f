package dev.weir.metering.aggregate;

/**
 * How far windows are rolled up, in minutes since 1970.
 *
 * @param hoursTo every window before is in the hours; start of an hour
 * @param daysTo every window before is in the days; start of a day, at most hoursTo
 * @param minutesFrom minutes before are not kept; start of a month, at most daysTo; 0 where all are
 */
record Watermarks(long hoursTo, long daysTo, long minutesFrom) {

  /**
   * Whether a minute is kept. Where all are, also those before 1970: a day on which a level counts begins
   * there in zones east of UTC.
   */
  boolean keeps(long minute) {
    return minutesFrom == 0 || minute >= minutesFrom;
  }
}
