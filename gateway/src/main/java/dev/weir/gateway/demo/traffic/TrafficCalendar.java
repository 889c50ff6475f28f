package dev.weir.gateway.demo.traffic;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;

/**
 * When the calls of the month happen: a daily rhythm, quiet weekends, and some hours in which five
 * times the usual traffic comes within ten minutes. Maps the n-th of N events to a second of the
 * month, in order. Immutable.
 */
public final class TrafficCalendar {

  private static final LocalDate FIRST_DAY = LocalDate.of(2026, 1, 1);
  public static final Instant FROM = FIRST_DAY.atStartOfDay(ZoneOffset.UTC).toInstant();
  static final Instant UNTIL =
      FIRST_DAY.plusMonths(1).atStartOfDay(ZoneOffset.UTC).toInstant();

  private static final int SECONDS_PER_HOUR = 3_600;
  private static final int HOURS = FIRST_DAY.lengthOfMonth() * 24;
  private static final int BURST_EVERY_HOURS = 37;
  private static final int BURST_FACTOR = 5;

  /** Traffic by hour of the day, UTC, relative. */
  private static final int[] RHYTHM = {
    30, 25, 22, 20, 22, 28, 40, 60, 85, 105, 118, 122,
    115, 120, 130, 132, 125, 112, 95, 85, 75, 62, 50, 38
  };

  private final long[] weightBefore = new long[HOURS + 1];

  TrafficCalendar() {
    for (int hour = 0; hour < HOURS; hour++) {
      weightBefore[hour + 1] = weightBefore[hour] + weight(hour);
    }
  }

  private static int weight(int hour) {
    DayOfWeek day = FIRST_DAY.plusDays(hour / 24).getDayOfWeek();
    boolean weekend = day == DayOfWeek.SATURDAY || day == DayOfWeek.SUNDAY;
    int weight = RHYTHM[hour % 24] * (weekend ? 5 : 10);
    return isBurst(hour) ? weight * BURST_FACTOR : weight;
  }

  private static boolean isBurst(int hour) {
    return hour % BURST_EVERY_HOURS == BURST_EVERY_HOURS / 2;
  }

  /**
   * The second of the month, from 0, in which event {@code index} of {@code events} is sent; never
   * falls as the index grows. Exact for up to 10^9 events.
   */
  int secondOf(long index, long events) {
    long scaled = index * weightBefore[HOURS];
    int hour = hourAt(scaled / events);
    long within = scaled - weightBefore[hour] * events;
    long span = (weightBefore[hour + 1] - weightBefore[hour]) * events;
    int second = (int) (within * SECONDS_PER_HOUR / span);
    return hour * SECONDS_PER_HOUR + (isBurst(hour) ? second / (BURST_FACTOR + 1) : second);
  }

  private int hourAt(long weight) {
    int low = 0;
    int high = HOURS - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (weightBefore[middle] <= weight) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }
}
