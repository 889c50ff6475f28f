package dev.weir.rating.subscription;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class BillingScheduleTest {

  @Test
  void anAnchorOnThe31stComesBackToThe31st() {
    assertEquals(
        List.of("2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31"),
        days("2026-01-31T00:00:00Z", BillingCycle.MONTHLY, 5));
  }

  @Test
  void anAnchorOnThe29thFallsOnLeapDays() {
    assertEquals(
        List.of("2023-12-29", "2024-01-29", "2024-02-29", "2024-03-29"),
        days("2023-12-29T00:00:00Z", BillingCycle.MONTHLY, 4));
    assertEquals(
        List.of("2024-02-29", "2025-02-28", "2026-02-28", "2027-02-28", "2028-02-29"),
        days("2024-02-29T00:00:00Z", BillingCycle.YEARLY, 5));
    assertEquals(
        List.of("2023-11-30", "2024-02-29", "2024-05-30", "2024-08-30"),
        days("2023-11-30T00:00:00Z", BillingCycle.QUARTERLY, 4));
  }

  @Test
  void weeksAndDaysAreWallTime() {
    BillingSchedule daily = schedule("2026-03-28T00:30", BillingCycle.DAILY, "Europe/Berlin");
    assertEquals(Instant.parse("2026-03-27T23:30:00Z"), daily.boundary(0));
    assertEquals(Instant.parse("2026-03-28T23:30:00Z"), daily.boundary(1));
    assertEquals(Instant.parse("2026-03-29T22:30:00Z"), daily.boundary(2));
    BillingSchedule weekly = schedule("2026-10-20T00:30", BillingCycle.WEEKLY, "Europe/Berlin");
    assertEquals(Instant.parse("2026-10-26T23:30:00Z"), weekly.boundary(1));
  }

  @Test
  void aSkippedWallTimeMovesOnAndARepeatedOneMeansTheFirst() {
    BillingSchedule gap = schedule("2026-03-28T02:30", BillingCycle.DAILY, "Europe/Berlin");
    assertEquals(Instant.parse("2026-03-29T01:30:00Z"), gap.boundary(1));
    assertEquals(Instant.parse("2026-03-30T00:30:00Z"), gap.boundary(2));
    BillingSchedule overlap = schedule("2026-10-24T02:30", BillingCycle.DAILY, "Europe/Berlin");
    assertEquals(Instant.parse("2026-10-25T00:30:00Z"), overlap.boundary(1));
  }

  @Test
  void aDayThatAZoneLeftOutBeginsNoDailyPeriod() {
    // Samoa had no 30 December 2011: UTC-10 until then, UTC+14 after.
    for (String time : List.of("00:00", "10:15", "23:59")) {
      BillingSchedule daily = schedule("2011-12-28T" + time, BillingCycle.DAILY, "Pacific/Apia");
      assertEquals(
          List.of(
              "2011-12-28T" + time,
              "2011-12-29T" + time,
              "2011-12-31T" + time,
              "2012-01-01T" + time),
          IntStream.range(0, 4)
              .mapToObj(
                  k -> LocalDateTime.ofInstant(daily.boundary(k), daily.zone()).toString())
              .toList());
    }
    BillingSchedule monthly = schedule("2011-11-30T10:00", BillingCycle.MONTHLY, "Pacific/Apia");
    assertEquals(
        "2011-12-31T10:00",
        LocalDateTime.ofInstant(monthly.boundary(1), monthly.zone()).toString());
    assertEquals(
        "2012-01-30T10:00",
        LocalDateTime.ofInstant(monthly.boundary(2), monthly.zone()).toString());
  }

  @Test
  void boundariesLieOnMinutesEvenWhereOffsetsHaveSeconds() {
    // Liberia was 44 minutes and 30 seconds behind UTC until 1972.
    BillingSchedule yearly = new BillingSchedule(
        Instant.parse("1970-06-01T00:00:00Z"), BillingCycle.YEARLY, ZoneId.of("Africa/Monrovia"));
    IntStream.range(0, 5).forEach(k -> assertEquals(0, yearly.boundary(k).getEpochSecond() % 60));
  }

  @ParameterizedTest
  @EnumSource(BillingCycle.class)
  void aPeriodHoldsItsStartAndNotItsEnd(BillingCycle cycle) {
    BillingSchedule schedule = schedule("2024-01-31T13:07", cycle, "America/St_Johns");
    BillingPeriod period = schedule.period(7);
    assertEquals(period, schedule.periodAt(period.from()));
    assertEquals(period, schedule.periodAt(period.to().minusNanos(1)));
    assertEquals(schedule.period(8), schedule.periodAt(period.to()));
  }

  @Test
  void thereIsNoPeriodBeforeTheAnchor() {
    BillingSchedule schedule = schedule("2024-01-31T13:07", BillingCycle.MONTHLY, "UTC");
    Instant before = schedule.anchor().minusNanos(1);
    assertThrows(IllegalStateException.class, () -> schedule.periodAt(before));
    assertThrows(IllegalStateException.class, () -> schedule.boundary(-1));
    Instant odd = schedule.anchor().plusSeconds(1);
    assertThrows(
        IllegalStateException.class,
        () -> new BillingSchedule(odd, BillingCycle.MONTHLY, ZoneId.of("UTC")));
  }

  private static List<String> days(String anchor, BillingCycle cycle, int count) {
    BillingSchedule schedule = new BillingSchedule(Instant.parse(anchor), cycle, ZoneId.of("UTC"));
    return IntStream.range(0, count)
        .mapToObj(k -> schedule.boundary(k).toString().substring(0, 10))
        .toList();
  }

  private static BillingSchedule schedule(String wall, BillingCycle cycle, String zone) {
    Instant anchor = LocalDateTime.parse(wall).atZone(ZoneId.of(zone)).toInstant();
    return new BillingSchedule(anchor, cycle, ZoneId.of(zone));
  }
}
