package dev.weir.benchmarks.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScheduleTest {

  private static final long START = Long.MAX_VALUE - 1_000_000;

  private static Schedule schedule(long rate, int batch, int sender, int senders) {
    long second = 1_000_000_000L;
    return new Schedule(START, START + second, START + 3 * second, rate, batch, sender, senders);
  }

  @Test
  void requestsOfAllSendersAreEvenAndInTurn() {
    List<Long> dues = new ArrayList<>();
    for (int n = 0; n < 3; n++) {
      for (int sender = 0; sender < 2; sender++) {
        dues.add(schedule(1_000, 100, sender, 2).due(n) - START);
      }
    }
    assertEquals(
        List.of(0L, 100_000_000L, 200_000_000L, 300_000_000L, 400_000_000L, 500_000_000L), dues);
  }

  @Test
  void ratesThatDoNotDivideLoseNothing() {
    Schedule schedule = schedule(7, 3, 0, 1);
    assertEquals(3 * 1_000_000_000L * 1_000_000 / 7, schedule.due(1_000_000) - START);
  }

  @Test
  void itMeasuresFromTheEndOfTheWarmUpToTheEndAlsoWhereTheClockWraps() {
    Schedule schedule = schedule(10, 1, 0, 1);
    long measured = 0;
    long all = 0;
    for (long n = 0; !schedule.isOver(n); n++) {
      all++;
      measured += schedule.isMeasured(schedule.due(n)) ? 1 : 0;
    }
    assertEquals(30, all);
    assertEquals(20, measured);
    assertFalse(schedule.isMeasured(schedule.due(9)));
    assertTrue(schedule.isMeasured(schedule.due(10)));
  }
}
