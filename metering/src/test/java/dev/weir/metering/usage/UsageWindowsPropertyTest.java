package dev.weir.metering.usage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.metering.MeteringError;
import dev.weir.metering.Refusal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class UsageWindowsPropertyTest {

  private static final List<ZoneId> ZONES = List.of(
          "UTC",
          "Europe/Berlin",
          "America/New_York",
          "Australia/Lord_Howe",
          "America/St_Johns",
          "Pacific/Chatham",
          "Pacific/Apia",
          "Asia/Kathmandu",
          "Asia/Pyongyang",
          "America/Caracas",
          "America/Sao_Paulo",
          "Asia/Beirut",
          "Africa/Casablanca",
          "America/Havana",
          "Antarctica/Troll",
          "Europe/Dublin",
          "Asia/Gaza",
          "Pacific/Kiritimati")
      .stream()
      .map(ZoneId::of)
      .toList();

  private static final Instant EPOCH = Instant.parse("1975-01-01T00:00:00Z");

  private static List<Instant> starts(Instant from, Instant to, WindowSize size, ZoneId zone) {
    return UsageWindows.boundaries(from, to, size, zone);
  }

  /** Ranges around every clock change of the zone, and some at random. */
  private static List<Instant> interestingTimes(ZoneId zone, Random random) {
    List<Instant> times = new ArrayList<>();
    Instant at = EPOCH;
    for (ZoneOffsetTransition change = zone.getRules().nextTransition(at);
        change != null && change.getInstant().isBefore(Instant.parse("2040-01-01T00:00:00Z"));
        change = zone.getRules().nextTransition(change.getInstant())) {
      for (int i = 0; i < 6; i++) {
        times.add(change
            .getInstant()
            .truncatedTo(ChronoUnit.MINUTES)
            .plus(random.nextInt(6 * 60) - 3 * 60, ChronoUnit.MINUTES));
      }
      times.add(change.getInstant().truncatedTo(ChronoUnit.MINUTES));
    }
    for (int i = 0; i < 20; i++) {
      times.add(EPOCH.plus(random.nextInt(60 * 365 * 1_440), ChronoUnit.MINUTES));
    }
    return times;
  }

  @Test
  void windowsTileEveryRangeThroughEveryClockChange() {
    long seed = 11;
    Random random = new Random(seed);
    for (ZoneId zone : ZONES) {
      for (Instant from : interestingTimes(zone, random)) {
        for (WindowSize size : WindowSize.values()) {
          long minutes = random.nextLong(1, size == WindowSize.MONTH ? 200_000 : 4 * 1_440);
          Instant to = from.plus(minutes, ChronoUnit.MINUTES);
          List<Instant> starts = starts(from, to, size, zone);
          String what = "seed %d: %s %s from %s to %s: %s"
              .formatted(seed, zone, size, from, to, starts.size() > 60 ? "…" : starts);
          assertTiles(from, to, starts, what);
          assertWhole(starts, size, zone, what);
        }
      }
    }
  }

  private static void assertTiles(Instant from, Instant to, List<Instant> starts, String what) {
    assertTrue(starts.size() >= 2, what);
    assertFalse(starts.get(0).isAfter(from), what);
    assertTrue(starts.get(1).isAfter(from), what);
    assertFalse(starts.get(starts.size() - 1).isBefore(to), what);
    assertTrue(starts.get(starts.size() - 2).isBefore(to), what);
    for (int i = 1; i < starts.size(); i++) {
      assertTrue(starts.get(i - 1).isBefore(starts.get(i)), what);
    }
  }

  /** Each window is the minute, hour, day or month that it is named after, as local clocks show it. */
  private static void assertWhole(List<Instant> starts, WindowSize size, ZoneId zone, String what) {
    for (int i = 0; i + 1 < starts.size(); i++) {
      Duration length = Duration.between(starts.get(i), starts.get(i + 1));
      ZonedDateTime start = starts.get(i).atZone(zone);
      switch (size) {
        case MINUTE -> assertEquals(Duration.ofMinutes(1), length, what);
        case HOUR -> assertTrue(length.compareTo(Duration.ofHours(1)) <= 0, what);
        case DAY -> {
          assertEquals(start.toLocalDate().atStartOfDay(zone), start, what);
          assertTrue(length.compareTo(Duration.ofHours(26)) <= 0, what);
          assertTrue(length.compareTo(Duration.ofHours(22)) >= 0, what);
        }
        case MONTH -> {
          assertEquals(1, start.getDayOfMonth(), what);
          assertTrue(length.toDays() >= 27 && length.toDays() <= 31, what);
        }
      }
    }
  }

  @Test
  void aPartOfARangeHasTheSameWindowsAsTheWhole() {
    long seed = 12;
    Random random = new Random(seed);
    for (ZoneId zone : ZONES) {
      for (Instant middle : interestingTimes(zone, random)) {
        for (WindowSize size : List.of(WindowSize.HOUR, WindowSize.DAY)) {
          Instant from = middle.minus(2, ChronoUnit.DAYS);
          Instant to = middle.plus(2, ChronoUnit.DAYS);
          TreeSet<Instant> whole = new TreeSet<>(starts(from, to, size, zone));
          for (Instant boundary : starts(middle, to, size, zone)) {
            assertTrue(
                whole.contains(boundary),
                () -> "seed %d: %s %s at %s: %s is not in %s"
                    .formatted(seed, zone, size, middle, boundary, whole));
          }
        }
      }
    }
  }

  @Test
  void awayFromClockChangesHoursBeginOnTheLocalHour() {
    ZoneId zone = ZoneId.of("Asia/Kathmandu");
    for (Instant start : starts(
        Instant.parse("2026-01-01T00:00:00Z"),
        Instant.parse("2026-01-05T00:00:00Z"),
        WindowSize.HOUR,
        zone)) {
      assertEquals(0, start.atZone(zone).getMinute());
    }
  }

  @Test
  void theDayThatApiaSkippedHasNoWindow() {
    ZoneId apia = ZoneId.of("Pacific/Apia");
    List<Instant> starts = starts(
        Instant.parse("2011-12-29T10:00:00Z"),
        Instant.parse("2012-01-01T00:00:00Z"),
        WindowSize.DAY,
        apia);
    assertEquals(
        List.of("2011-12-29", "2011-12-31", "2012-01-01", "2012-01-02"),
        starts.stream().map(s -> s.atZone(apia).toLocalDate().toString()).toList());
    starts.forEach(s -> assertEquals(LocalTime.MIDNIGHT, s.atZone(apia).toLocalTime()));
  }

  @Test
  void theQuarterHourAfterChathamsClocksGoForwardLiesInAWindow() {
    // On 27 September 2026 at 02:45 clocks go to 03:45: the local hour 03 has only 15 minutes.
    Instant from = Instant.parse("2026-09-26T14:05:00Z");
    List<Instant> starts =
        starts(from, from.plusSeconds(60), WindowSize.HOUR, ZoneId.of("Pacific/Chatham"));
    assertEquals(
        List.of(Instant.parse("2026-09-26T13:15:00Z"), Instant.parse("2026-09-26T14:15:00Z")),
        starts);
  }

  @Test
  void tooManyWindowsAreRefused() {
    Instant from = Instant.parse("2026-01-01T00:00:00Z");
    Instant to = from.plus(UsageWindows.WINDOWS_MAX, ChronoUnit.HOURS);
    ZoneId utc = ZoneId.of("UTC");
    assertEquals(
        UsageWindows.WINDOWS_MAX + 1, starts(from, to, WindowSize.HOUR, utc).size());
    Refusal refusal =
        assertThrows(Refusal.class, () -> starts(from, to.plusSeconds(60), WindowSize.HOUR, utc));
    assertEquals(MeteringError.USAGE_TOO_MANY_ROWS, refusal.code());
    assertEquals("windowSize", refusal.field());
  }
}
