package dev.weir.metering.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CyclesTest {

  @Test
  void aCycleIsNamedByItsHour() {
    int cycle = Cycles.of(Instant.parse("2026-03-05T12:59:59.999Z").toEpochMilli());
    assertEquals("20260305-12", Cycles.name(cycle));
    assertEquals(cycle, Cycles.parse("20260305-12"));
    assertEquals(
        Instant.parse("2026-03-05T12:00:00Z"), Instant.ofEpochMilli(Cycles.startMillis(cycle)));
  }

  @Test
  void everyHourHasANameOfItsOwn() {
    for (int cycle = 480_000; cycle < 500_000; cycle++) {
      assertEquals(cycle, Cycles.parse(Cycles.name(cycle)));
    }
  }

  @Test
  void anotherTextIsNoCycle() {
    for (String text : List.of("", "20260305", "20260305-1", "20260305-12F", "2026-03-05-12")) {
      assertThrows(IllegalArgumentException.class, () -> Cycles.parse(text), text);
    }
  }

  @Test
  void aLocationFitsIntoOneNumberThatSortsByPlace() {
    long seed = 11;
    Random random = new Random(seed);
    for (int i = 0; i < 10_000; i++) {
      FrameLocation a = location(random);
      FrameLocation b = location(random);
      assertEquals(a, FrameLocation.of(a.packed()), "seed " + seed);
      int expected = a.cycle() == b.cycle()
          ? Long.compare(a.offset(), b.offset())
          : Integer.compare(a.cycle(), b.cycle());
      assertEquals(expected, Long.compare(a.packed(), b.packed()), "seed " + seed);
    }
  }

  private static FrameLocation location(Random random) {
    return new FrameLocation(496_000 + random.nextInt(3), random.nextLong(1L << 40) << 2);
  }
}
