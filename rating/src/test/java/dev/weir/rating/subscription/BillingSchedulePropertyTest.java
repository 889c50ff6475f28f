package dev.weir.rating.subscription;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class BillingSchedulePropertyTest {

  private static final long SEED = 5_112_026L;
  private static final int ROUNDS = 400;
  private static final int PERIODS = 60;

  private static final List<String> ODD_ZONES = List.of(
      "Pacific/Chatham",
      "Australia/Lord_Howe",
      "Asia/Kathmandu",
      "America/St_Johns",
      "Pacific/Apia",
      "Pacific/Kiritimati",
      "Pacific/Kwajalein",
      "Africa/Casablanca",
      "Asia/Tehran",
      "Antarctica/Troll",
      "America/Sao_Paulo",
      "UTC");

  private final Random random = new Random(SEED);
  private final List<String> allZones =
      ZoneId.getAvailableZoneIds().stream().sorted().toList();

  @Test
  void periodsTileTheTimeLine() {
    for (int round = 0; round < ROUNDS; round++) {
      BillingSchedule schedule = schedule();
      String where = "seed " + SEED + " round " + round + " " + schedule;
      Instant expectedFrom = schedule.anchor();
      for (int k = 0; k < PERIODS; k++) {
        BillingPeriod period = schedule.period(k);
        assertEquals(expectedFrom, period.from(), where);
        assertTrue(period.from().isBefore(period.to()), where);
        assertEquals(period.to(), period.to().truncatedTo(ChronoUnit.MINUTES), where);
        expectedFrom = period.to();
      }
    }
  }

  @Test
  void everyInstantBelongsToThePeriodThatPeriodAtFinds() {
    for (int round = 0; round < ROUNDS; round++) {
      BillingSchedule schedule = schedule();
      BillingPeriod period = schedule.period(random.nextInt(2_000));
      String where = "seed " + SEED + " round " + round + " " + schedule + " " + period;
      long seconds = Duration.between(period.from(), period.to()).toSeconds();
      Instant inside = period.from().plusSeconds((long) random.nextInt((int) seconds));
      assertEquals(period, schedule.periodAt(inside), where);
      assertEquals(period, schedule.periodAt(period.from()), where);
      assertEquals(period.index() + 1, schedule.periodAt(period.to()).index(), where);
    }
  }

  @Test
  void longPeriodsBeginOnTheAnchorDayOrTheLastOfTheMonth() {
    for (int round = 0; round < ROUNDS; round++) {
      LocalDateTime wall = LocalDateTime.of(2012, 1, 1, 12, 0).plusDays(random.nextInt(5_000));
      ZoneId zone = ZoneId.of(ODD_ZONES.get(random.nextInt(ODD_ZONES.size())));
      BillingSchedule schedule =
          new BillingSchedule(wall.atZone(zone).toInstant(), BillingCycle.MONTHLY, zone);
      String where = "seed " + SEED + " round " + round + " " + schedule;
      for (int k = 0; k < PERIODS; k++) {
        LocalDateTime start = LocalDateTime.ofInstant(schedule.boundary(k), zone);
        int last = start.toLocalDate().lengthOfMonth();
        assertEquals(Math.min(wall.getDayOfMonth(), last), start.getDayOfMonth(), where);
      }
    }
  }

  private BillingSchedule schedule() {
    List<String> zones = random.nextBoolean() ? ODD_ZONES : allZones;
    ZoneId zone = ZoneId.of(zones.get(random.nextInt(zones.size())));
    BillingCycle[] cycles = BillingCycle.values();
    // From 1990, so that the days left out in the Pacific are met.
    Instant anchor = Instant.parse("1990-01-01T00:00:00Z")
        .plus(random.nextInt(60 * 24 * 365 * 40), ChronoUnit.MINUTES);
    if (random.nextInt(4) == 0) {
      anchor =
          Instant.parse("2011-12-20T00:00:00Z").plus(random.nextInt(20_000), ChronoUnit.MINUTES);
    }
    return new BillingSchedule(anchor, cycles[random.nextInt(cycles.length)], zone);
  }
}
