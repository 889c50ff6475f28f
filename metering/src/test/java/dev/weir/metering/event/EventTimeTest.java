package dev.weir.metering.event;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventTimeTest {

  private static final DateTimeFormatter SECONDS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss", Locale.ROOT);

  private static String fraction(int nanos, int digits) {
    return digits == 0 ? "" : "." + String.format(Locale.ROOT, "%09d", nanos).substring(0, digits);
  }

  private static int cut(int nanos, int digits) {
    int unit = 1;
    for (int i = digits; i < 9; i++) {
      unit *= 10;
    }
    return nanos / unit * unit;
  }

  @Test
  void readsWhatJavaTimeWritesAtEveryPrecisionAndOffset() {
    long seed = 20_261_121L;
    Random random = new Random(seed);
    long end = Instant.parse("2200-01-01T00:00:00Z").getEpochSecond();
    for (int i = 0; i < 200_000; i++) {
      int digits = i % 10;
      int nanos = cut(random.nextInt(1_000_000_000), digits);
      Instant instant = Instant.ofEpochSecond(random.nextLong(end), nanos);
      String utc = SECONDS.format(LocalDateTime.ofInstant(instant, ZoneOffset.UTC))
          + fraction(nanos, digits);
      assertTime(instant, utc + "Z", seed);
      ZoneOffset offset =
          ZoneOffset.ofTotalSeconds((random.nextInt(2 * 18 * 60 + 1) - 18 * 60) * 60);
      OffsetDateTime local = instant.atOffset(offset);
      String sign = offset.getTotalSeconds() < 0 ? "-" : "+";
      int minutes = Math.abs(offset.getTotalSeconds()) / 60;
      String text = SECONDS.format(local)
          + fraction(nanos, digits)
          + sign
          + String.format(Locale.ROOT, "%02d:%02d", minutes / 60, minutes % 60);
      assertTime(instant, text, seed);
    }
  }

  private static void assertTime(Instant expected, String text, long seed) {
    long nanos = EventTime.parseNanos(text);
    assertEquals(
        EventTime.nanos(expected), nanos, () -> "seed " + seed + ": " + text + " is " + expected);
    assertEquals(expected, EventTime.instant(nanos));
    assertEquals(Math.floorDiv(expected.getEpochSecond(), 60), EventTime.epochMinute(nanos));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2026-03-05t12:30:00z",
        "2026-03-05T12:30:00z",
        "2026-03-05T12:30:00.000000000Z",
        "2026-03-05T12:30:00-00:00",
        "2026-03-05T12:30:00+00:00",
        "2026-03-05T13:30:00+01:00",
        "2026-03-05T00:00:00-12:30",
        "2026-03-06T01:15:00+12:45",
        "2026-03-05t13:30:00.0+01:00"
      })
  void everyFormOfRfc3339NamesTheSameInstant(String text) {
    assertEquals(
        EventTime.nanos(Instant.parse("2026-03-05T12:30:00Z")), EventTime.parseNanos(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1970-01-01T00:00:00Z", "2199-12-31T23:59:59.999999999Z", "2024-02-29T00:00:00Z",
        "2000-02-29T12:00:00Z", "1969-12-31T23:30:00-01:00", "2200-01-01T00:30:00+01:00"
      })
  void theEdgesOfTheRangeAndLeapDaysAreTimes(String text) {
    assertEquals(
        EventTime.nanos(OffsetDateTime.parse(text).toInstant()), EventTime.parseNanos(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "now",
        "1772712000",
        "2026-03-05",
        "2026-03-05T12:30Z",
        "2026-03-05T12:30+01:00",
        "2026-03-05T12:30:00",
        "2026-03-05 12:30:00Z",
        "2026-03-05T12:30:00 Z",
        " 2026-03-05T12:30:00Z",
        "2026-03-05T12:30:00Z ",
        "2026-03-05T12:30:00+01",
        "2026-03-05T12:30:00+1",
        "2026-03-05T12:30:00+0100",
        "2026-03-05T12:30:00+01:00:30",
        "2026-03-05T12:30:00+24:00",
        "2026-03-05T12:30:00+01:60",
        "2026-03-05T12:30:00+01:00[Europe/Berlin]",
        "2026-03-05T12:30:00.Z",
        "2026-03-05T12:30:00,5Z",
        "2026-03-05T12:30:00.1234567890Z",
        "2026-03-05T12:30:00.1234567890+01:00",
        "2026-03-05T12:30:00.12a456Z",
        "2026-03-05T12:30:60Z",
        "2026-03-05T12:60:00Z",
        "2026-03-05T24:00:00Z",
        "2026-03-00T12:30:00Z",
        "2026-00-05T12:30:00Z",
        "2026-13-05T12:30:00Z",
        "2026-02-29T12:30:00Z",
        "2100-02-29T12:30:00Z",
        "2026-04-31T12:30:00Z",
        "2026-04-31T12:30:00+00:00",
        "2026/03/05T12:30:00Z",
        "+2026-03-05T12:30:00Z",
        "-2026-03-05T12:30:00Z",
        "12026-03-05T12:30:00Z",
        "1969-12-31T23:59:59Z",
        "1970-01-01T00:30:00+01:00",
        "2200-01-01T00:00:00Z",
        "2199-12-31T23:30:00-01:00",
        "٢٠٢٦-03-05T12:30:00Z",
        "2026-03-05T12:30:00\u0000Z",
        "2026-03-05T1:30:000Z"
      })
  void whatIsNoTimeIsInvalid(String text) {
    assertEquals(EventTime.INVALID, EventTime.parseNanos(text), text);
  }

  @Test
  void randomDamageNeverReadsAsAnotherShape() {
    long seed = 7;
    Random random = new Random(seed);
    String sound = "2026-03-05T12:30:00.123456Z";
    for (int i = 0; i < 100_000; i++) {
      StringBuilder text = new StringBuilder(sound);
      text.setCharAt(random.nextInt(text.length()), (char) random.nextInt(0x80));
      String damaged = text.toString();
      long nanos = EventTime.parseNanos(damaged);
      long expected;
      try {
        expected = EventTime.nanos(OffsetDateTime.parse(damaged).toInstant());
        int year = OffsetDateTime.parse(damaged).getYear();
        expected = year < 1970 || year > 2199 ? EventTime.INVALID : expected;
      } catch (java.time.DateTimeException | ArithmeticException e) {
        expected = EventTime.INVALID;
      }
      assertEquals(expected, nanos, () -> "seed " + seed + ": " + damaged);
    }
  }
}
