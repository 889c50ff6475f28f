package dev.weir.metering.scheduling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class CrowdingTest {

  private static final long LOOK = TimeUnit.MILLISECONDS.toNanos(50);
  private static final long MILLIS = TimeUnit.MILLISECONDS.toNanos(1);

  private long now = -1_000 * MILLIS;
  private final Crowding crowding = new Crowding(LOOK, now);

  private boolean look(boolean starving) {
    now += LOOK;
    return crowding.look(now, true, starving);
  }

  /** Looks until it is no longer crowded; gives how long that was, in seconds. */
  private long secondsOfCrowding() {
    long from = now;
    while (look(false)) {
      assertTrue(now - from < TimeUnit.HOURS.toNanos(1), "it does not end");
    }
    return TimeUnit.NANOSECONDS.toSeconds(now - from);
  }

  @Test
  void aStarvingThreadMakesItCrowdedForLongerEachTime() {
    assertFalse(look(false));
    for (int seconds : new int[] {10, 20, 40, 80, 160, 300, 300}) {
      assertTrue(look(true));
      assertEquals(seconds, secondsOfCrowding());
    }
  }

  @Test
  void aMinuteWithoutIsForgotten() {
    assertTrue(look(true));
    secondsOfCrowding();
    assertTrue(look(true));
    assertEquals(20, secondsOfCrowding());
    for (long until = now + 61_000 * MILLIS; now < until; ) {
      assertFalse(look(false));
    }
    assertTrue(look(true));
    assertEquals(10, secondsOfCrowding());
  }

  @Test
  void aLookThatComesLateMakesItCrowded() {
    now += 100 * MILLIS;
    assertFalse(look(false));
    now += 101 * MILLIS;
    assertTrue(look(false));
    secondsOfCrowding();
    now += 10_000 * MILLIS;
    assertFalse(crowding.look(now, false, false), "nobody was idle that others wait for");
  }
}
