package dev.weir.metering.scheduling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ArrearsTest {

  private long now = -50;
  private final Arrears arrears = new Arrears(() -> now, 250);

  @Test
  void whoHasNothingToDoIsNotLate() {
    for (; now < 10_000; now += 1_000) {
      assertFalse(arrears.late(7, 7));
    }
  }

  @Test
  void whoFollowsAtADistanceIsNotLateAsLongAsTheDistanceIsShort() {
    long due = 0;
    for (; now < 10_000; now += 50) {
      due += 1_000;
      assertFalse(arrears.late(due, Math.max(0, due - 4_000)), "200 behind");
    }
    for (int i = 0; i < 4; i++, now += 50) {
      due += 1_000;
      arrears.late(due, due - 7_000);
    }
    for (; now < 20_000; now += 50) {
      due += 1_000;
      assertTrue(arrears.late(due, due - 7_000), "300 behind");
    }
  }

  @Test
  void whoIsFarBehindIsLateFromMarkToMark() {
    for (; now < 100_000; now += 50) {
      boolean late = arrears.late(now + 1_000, now < 50_000 ? 0 : 45_000);
      assertEquals(now > 200 && !(now >= 50_000 && now <= 50_250), late, () -> "at " + now);
    }
  }

  @Test
  void whoDoesNotMoveIsLateUntilItHasComeToWhereItShouldHaveBeen() {
    assertFalse(arrears.late(1_000, 0));
    now += 250;
    assertFalse(arrears.late(2_000, 999));
    now += 1;
    assertTrue(arrears.late(3_000, 999));
    assertFalse(arrears.late(4_000, 3_000));
    now += 251;
    assertTrue(arrears.late(5_000, 3_999));
  }
}
