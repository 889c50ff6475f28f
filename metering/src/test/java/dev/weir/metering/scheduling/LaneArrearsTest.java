package dev.weir.metering.scheduling;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class LaneArrearsTest {

  private long now;
  private final LaneArrears arrears = new LaneArrears(() -> now, 250);

  @Test
  void aLaneIsLateBesideAnotherThatIsNot() {
    for (; now <= 250; now += 50) {
      assertFalse(arrears.late(0, now + 1, now));
      assertFalse(arrears.late(1, now + 1, 0));
    }
    assertFalse(arrears.late(0, now + 1, now));
    assertTrue(arrears.late(1, now + 1, 0));
  }
}
