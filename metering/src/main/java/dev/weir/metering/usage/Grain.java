package dev.weir.metering.usage;

import java.time.Instant;

/** How long the windows of a table are. Hours and days are those of UTC. */
public enum Grain {
  MINUTE(1, "usage_windows", "usage_uniques", "usage_values"),
  HOUR(60, "usage_hours", "usage_hour_uniques", "usage_hour_values"),
  DAY(1_440, "usage_days", "usage_day_uniques", "usage_day_values");

  /**
   * No window starts before: the month in which the first day of 1970 begins, in zones east of Greenwich,
   * from which some levels count.
   */
  public static final Instant FIRST = Instant.parse("1969-12-01T00:00:00Z");

  private final int minutes;
  private final String windows;
  private final String uniques;
  private final String values;

  Grain(int minutes, String windows, String uniques, String values) {
    this.minutes = minutes;
    this.windows = windows;
    this.uniques = uniques;
    this.values = values;
  }

  static Grain ofMinutes(int minutes) {
    for (Grain grain : values()) {
      if (grain.minutes == minutes) {
        return grain;
      }
    }
    throw new IllegalArgumentException("no grain of " + minutes + " minutes");
  }

  public int minutes() {
    return minutes;
  }

  /** The minute at which the window begins that holds a minute, both counted from 1970. */
  public long start(long minute) {
    return minute - Math.floorMod(minute, minutes);
  }

  /** The table of the windows. */
  public String windowTable() {
    return windows;
  }

  /** The table of the distinct values of UNIQUE_COUNT windows and the operations of WEIGHTED_UNIQUE_COUNT windows. */
  public String uniqueTable() {
    return uniques;
  }

  /** The table of the values of PERCENTILE windows. */
  public String valueTable() {
    return values;
  }
}
