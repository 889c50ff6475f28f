package dev.weir.metering.event;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;

/**
 * Event times as nanoseconds since 1970-01-01T00:00Z in a long, which holds the years 1970 to 2199 that
 * are accepted. Reads RFC 3339 text as that standard defines it, which java.time does not: it also takes
 * times without seconds and offsets without minutes.
 */
public final class EventTime {

  public static final long NANOS_PER_SECOND = 1_000_000_000L;
  public static final long NANOS_PER_MINUTE = 60 * NANOS_PER_SECOND;

  /** Returned for text that is no acceptable time. */
  public static final long INVALID = Long.MIN_VALUE;

  private static final int YEAR_MIN = 1970;
  private static final int YEAR_MAX = 2199;

  /** All times are before this. */
  public static final long END =
      LocalDate.of(YEAR_MAX + 1, 1, 1).toEpochDay() * 86_400L * NANOS_PER_SECOND;

  private EventTime() {}

  /** Parses RFC 3339 with up to 9 fraction digits; {@link #INVALID} when it is something else. */
  public static long parseNanos(String text) {
    // What is no Latin letter becomes a question mark, which stands in no time.
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    return parseNanos(bytes, 0, bytes.length);
  }

  /** Parses the same from a range of ASCII. */
  static long parseNanos(byte[] text, int from, int to) {
    int length = to - from;
    if (length < 20 || length > 35) {
      return INVALID;
    }
    boolean utc = text[to - 1] == 'Z' || text[to - 1] == 'z';
    int end = utc ? to - 1 : to - 6;
    long local = end < from + 19 ? INVALID : parseLocal(text, from, end);
    int offsetMinutes = utc ? 0 : offsetMinutes(text, end);
    if (local == INVALID || offsetMinutes == Integer.MIN_VALUE) {
      return INVALID;
    }
    long nanos = local - offsetMinutes * NANOS_PER_MINUTE;
    return nanos < 0 || nanos >= END ? INVALID : nanos;
  }

  /** The offset {@code +hh:mm} at the end of a text; MIN_VALUE when it is something else. */
  private static int offsetMinutes(byte[] text, int at) {
    int hours = digits(text, at + 1, at + 3);
    int minutes = digits(text, at + 4, at + 6);
    boolean shaped = (text[at] == '+' || text[at] == '-') && text[at + 3] == ':';
    if (!shaped || hours < 0 || hours > 23 || minutes < 0 || minutes > 59) {
      return Integer.MIN_VALUE;
    }
    return text[at] == '-' ? -(hours * 60 + minutes) : hours * 60 + minutes;
  }

  /** Date and time of day up to {@code end}, as if in UTC. */
  private static long parseLocal(byte[] text, int from, int end) {
    int year = digits(text, from, from + 4);
    int month = digits(text, from + 5, from + 7);
    int day = digits(text, from + 8, from + 10);
    int hour = digits(text, from + 11, from + 13);
    int minute = digits(text, from + 14, from + 16);
    int second = digits(text, from + 17, from + 19);
    boolean shaped = text[from + 4] == '-'
        && text[from + 7] == '-'
        && (text[from + 10] == 'T' || text[from + 10] == 't')
        && text[from + 13] == ':'
        && text[from + 16] == ':';
    // A year more on both sides, as the offset may lead back into the range.
    if (!shaped || year < YEAR_MIN - 1 || year > YEAR_MAX + 1) {
      return INVALID;
    }
    if (month < 1 || month > 12 || day < 1) {
      return INVALID;
    }
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) {
      return INVALID;
    }
    if (day > 28 && day > java.time.YearMonth.of(year, month).lengthOfMonth()) {
      return INVALID;
    }
    int fraction = fractionNanos(text, from + 19, end);
    if (fraction < 0) {
      return INVALID;
    }
    long seconds = LocalDate.of(year, month, day).toEpochDay() * 86_400L
        + hour * 3_600L
        + minute * 60L
        + second;
    return seconds * NANOS_PER_SECOND + fraction;
  }

  /** Of a point and digits between two places; there may be nothing. */
  private static int fractionNanos(byte[] text, int from, int end) {
    if (end == from) {
      return 0;
    }
    int count = end - from - 1;
    if (text[from] != '.' || count < 1 || count > 9) {
      return -1;
    }
    int fraction = digits(text, from + 1, end);
    for (int i = count; i < 9 && fraction > 0; i++) {
      fraction *= 10;
    }
    return fraction;
  }

  private static int digits(byte[] text, int from, int to) {
    int value = 0;
    for (int i = from; i < to; i++) {
      int digit = text[i] - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      value = value * 10 + digit;
    }
    return value;
  }

  public static long nanos(Instant instant) {
    return Math.addExact(
        Math.multiplyExact(instant.getEpochSecond(), NANOS_PER_SECOND), instant.getNano());
  }

  public static Instant instant(long nanos) {
    return Instant.ofEpochSecond(
        Math.floorDiv(nanos, NANOS_PER_SECOND), Math.floorMod(nanos, NANOS_PER_SECOND));
  }

  /** The minute that a time falls in, counted from 1970. */
  public static long epochMinute(long nanos) {
    return Math.floorDiv(nanos, NANOS_PER_MINUTE);
  }
}
