package dev.weir.gateway.rows;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How times are written. A time without an offset is in the zone: of a local time that comes twice,
 * when clocks are set back, the first is meant; one that is skipped, when they are set forward, is no
 * time. Immutable; two are equal if they read alike.
 */
public final class TimeFormat {

  /**
   * {@code 2023-11-16 18:15:46.6805900}, {@code 2023-11-16T18:15Z}, {@code 2023-11-16
   * 18:15:46+02:00}, {@code 2023-11-16}; up to nine fraction digits are kept.
   */
  public static final String ISO = "iso";

  /** Numbers since 1970 by the nanoseconds of their unit; fractions are allowed. */
  private static final Map<String, Long> EPOCH_UNITS =
      Map.of("epoch-seconds", 1_000_000_000L, "epoch-millis", 1_000_000L, "epoch-micros", 1_000L);

  private static final Pattern ISO_TIME = Pattern.compile(
      "([0-9]{4})-([0-9]{2})-([0-9]{2})" // 1-3: date
          + "(?:[Tt ]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:[.,]([0-9]{1,9}))?)?" // 4-7: time
          + " ?([Zz]|[+-][0-9]{2}(?::?[0-9]{2})?)?)?"); // 8: offset

  private static final Pattern EPOCH = Pattern.compile("[0-9]{1,18}(?:\\.[0-9]{1,9})?");

  private final String name;
  private final ZoneId zone;
  private final @Nullable Long epochUnitNanos;
  private final @Nullable DateTimeFormatter pattern;

  private TimeFormat(
      String name,
      ZoneId zone,
      @Nullable Long epochUnitNanos,
      @Nullable DateTimeFormatter pattern) {
    this.name = name;
    this.zone = zone;
    this.epochUnitNanos = epochUnitNanos;
    this.pattern = pattern;
  }

  /** The usual format. */
  public static TimeFormat iso(ZoneId zone) {
    return new TimeFormat(ISO, zone, null, null);
  }

  /**
   * A format by name: {@code iso}, {@code epoch-seconds}, {@code epoch-millis}, {@code epoch-micros};
   * else a pattern of {@link DateTimeFormatter} such as {@code dd/MM/yyyy HH:mm:ss}.
   *
   * @throws IllegalArgumentException when it is neither
   */
  public static TimeFormat of(String name, ZoneId zone) {
    if (name.equals(ISO)) {
      return iso(zone);
    }
    Long unit = EPOCH_UNITS.get(name);
    return new TimeFormat(name, zone, unit, unit == null ? pattern(name) : null);
  }

  /** Strict, so that the 31st of February is refused; for that the year must be written 'u'. */
  private static DateTimeFormatter pattern(String text) {
    StringBuilder strict = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      quoted ^= c == '\'';
      strict.append(c == 'y' && !quoted ? 'u' : c);
    }
    return new DateTimeFormatterBuilder()
        .parseCaseInsensitive()
        .appendPattern(strict.toString())
        .toFormatter(Locale.ENGLISH)
        .withResolverStyle(ResolverStyle.STRICT);
  }

  public ZoneId zone() {
    return zone;
  }

  /** The instant, or null when the text is no such time. */
  public @Nullable Instant parse(String text) {
    String stripped = text.strip();
    try {
      if (pattern != null) {
        return parsePattern(stripped, pattern);
      }
      return epochUnitNanos == null ? parseIso(stripped) : parseEpoch(stripped, epochUnitNanos);
    } catch (DateTimeException | ArithmeticException e) {
      return null;
    }
  }

  private @Nullable Instant parseIso(String text) {
    Matcher parts = ISO_TIME.matcher(text);
    if (!parts.matches()) {
      return null;
    }
    LocalDateTime local = LocalDateTime.of(
        number(parts, 1),
        number(parts, 2),
        number(parts, 3),
        number(parts, 4),
        number(parts, 5),
        number(parts, 6),
        nanos(parts.group(7)));
    String offset = parts.group(8);
    return offset == null ? inZone(local, zone) : local.toInstant(offset(offset));
  }

  private @Nullable Instant parsePattern(String text, DateTimeFormatter formatter) {
    TemporalAccessor parsed = formatter.parse(text);
    LocalDate date = parsed.query(TemporalQueries.localDate());
    if (date == null) {
      return null;
    }
    LocalTime time = parsed.query(TemporalQueries.localTime());
    LocalDateTime local = date.atTime(time == null ? LocalTime.MIDNIGHT : time);
    ZoneId own = parsed.query(TemporalQueries.zone());
    return inZone(local, own == null ? zone : own);
  }

  private static @Nullable Instant inZone(LocalDateTime local, ZoneId zone) {
    boolean skipped = zone.getRules().getValidOffsets(local).isEmpty();
    return skipped ? null : local.atZone(zone).toInstant();
  }

  /** A fraction finer than a nanosecond is refused rather than rounded. */
  private static @Nullable Instant parseEpoch(String text, long unitNanos) {
    if (!EPOCH.matcher(text).matches()) {
      return null;
    }
    BigDecimal seconds = new BigDecimal(text).multiply(BigDecimal.valueOf(unitNanos, 9));
    long whole = seconds.longValue();
    int nanos = seconds.subtract(BigDecimal.valueOf(whole)).movePointRight(9).intValueExact();
    return Instant.ofEpochSecond(whole, nanos);
  }

  private static int number(Matcher parts, int group) {
    String digits = parts.group(group);
    return digits == null ? 0 : Integer.parseInt(digits);
  }

  private static int nanos(@Nullable String fraction) {
    return fraction == null ? 0 : Integer.parseInt((fraction + "00000000").substring(0, 9));
  }

  private static ZoneOffset offset(String text) {
    return "z".equalsIgnoreCase(text) ? ZoneOffset.UTC : ZoneOffset.of(text);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof TimeFormat format
        && name.equals(format.name)
        && zone.equals(format.zone);
  }

  @Override
  public int hashCode() {
    return name.hashCode() * 31 + zone.hashCode();
  }

  /** The name and the zone. */
  @Override
  public String toString() {
    return name + " in " + (zone.equals(ZoneOffset.UTC) ? "UTC" : zone);
  }
}
