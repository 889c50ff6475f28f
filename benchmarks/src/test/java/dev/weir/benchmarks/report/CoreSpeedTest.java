package dev.weir.benchmarks.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class CoreSpeedTest {

  @Test
  void speedIsStepsInTheTimeThatPassed() throws InterruptedException {
    AtomicLong nanos = new AtomicLong();
    CoreSpeed speed = new CoreSpeed(1, () -> nanos.getAndAdd(40_000));
    assertEquals(500, speed.atOnce(), "20,000 steps between two looks at the clock");
  }

  @Test
  void everyCoreComputesAtOnce() throws InterruptedException {
    ThreadLocal<AtomicLong> clocks = ThreadLocal.withInitial(AtomicLong::new);
    AtomicLong looks = new AtomicLong();
    CoreSpeed speed = new CoreSpeed(3, () -> {
      looks.incrementAndGet();
      return clocks.get().getAndAdd(1_000_000);
    });
    assertEquals(20, speed.atOnce());
    assertEquals(3 * (61 + 121), looks.get());
  }

  @Test
  void aReportHasOneCoreAloneAndAllAtOnce() throws InterruptedException {
    AtomicLong nanos = new AtomicLong();
    assertEquals(
        "2,000 million steps of arithmetic a second on one core alone, 2,000 on each of 1 at once",
        new CoreSpeed(1, () -> nanos.getAndAdd(10_000)).text());
    assertTrue(CoreSpeed.ofThisMachine().atOnce() > 0);
  }
}
