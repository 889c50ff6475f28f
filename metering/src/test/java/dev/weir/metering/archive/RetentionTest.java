package dev.weir.metering.archive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.weir.metering.journal.Cycles;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RetentionTest {

  private static final int CYCLE = Cycles.parse("20260305-12");
  private static final long END = Cycles.startMillis(CYCLE) + Cycles.MILLIS;
  private static final long WEEK = Duration.ofDays(7).toMillis();

  @Test
  void isOverSoManyDaysAfterTheHourEnded() {
    Retention week = new Retention(Optional.of(7), false);

    assertEquals(false, week.isOver(CYCLE, Optional.empty(), END + WEEK - 1));
    assertEquals(true, week.isOver(CYCLE, Optional.empty(), END + WEEK));
    assertEquals(false, week.isOver(CYCLE, Optional.of(END + 5), END + WEEK + 4));
    assertEquals(true, week.isOver(CYCLE, Optional.of(END + 5), END + WEEK + 5));
    assertEquals(true, week.isOver(CYCLE, Optional.of(5L), END + WEEK));
  }

  @Test
  void unlimitedIsNeverOver() {
    assertEquals(false, Retention.UNLIMITED.isOver(CYCLE, Optional.empty(), Long.MAX_VALUE / 2));
  }

  @Test
  void withoutAnArchiveNothingGoesUnlessSaidSo() {
    assertEquals(false, new Retention(Optional.of(7), false).mayGo(false));
    assertEquals(true, new Retention(Optional.of(7), false).mayGo(true));
    assertEquals(true, new Retention(Optional.of(7), true).mayGo(false));
  }

  @Test
  void lessThanADayIsRefused() {
    assertThrows(IllegalStateException.class, () -> new Retention(Optional.of(0), false));
  }
}
