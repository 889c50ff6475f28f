package dev.weir.metering.journal;

import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The hours that a lane's files are for, as numbers since 1970 and as they are named: 20260305-12. */
public final class Cycles {

  public static final long MILLIS = 3_600_000L;

  private Cycles() {}

  public static int of(long epochMillis) {
    return Math.toIntExact(Math.floorDiv(epochMillis, MILLIS));
  }

  /** The first millisecond of the cycle. */
  public static long startMillis(int cycle) {
    return cycle * MILLIS;
  }

  public static String name(int cycle) {
    LocalDate day = LocalDate.ofEpochDay(Math.floorDiv(cycle, 24));
    return String.format(
        Locale.ROOT, "%s-%02d", day.format(DateTimeFormatter.BASIC_ISO_DATE), cycle % 24);
  }

  /** The cycle of this name; throws {@link IllegalArgumentException} for any other text. */
  public static int parse(String name) {
    if (!name.matches("[0-9]{8}-[0-9]{2}")) {
      throw new IllegalArgumentException("no cycle is named " + name);
    }
    LocalDate day = LocalDate.parse(name.substring(0, 8), DateTimeFormatter.BASIC_ISO_DATE);
    return Math.toIntExact(day.toEpochDay() * 24 + Integer.parseInt(name.substring(9)));
  }
}
