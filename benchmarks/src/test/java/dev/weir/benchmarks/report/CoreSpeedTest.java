package dev.weir.benchmarks.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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
    CyclicBarrier all = new CyclicBarrier(3);
    CoreSpeed speed = new CoreSpeed(3, () -> {
      awaitOthers(all);
      return clocks.get().getAndAdd(1_000_000);
    });
    assertEquals(20, speed.atOnce());
  }

  /** Which never come where there are fewer threads than cores. */
  private static void awaitOthers(CyclicBarrier all) {
    try {
      all.await(10, TimeUnit.SECONDS);
    } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aReportHasOneCoreAloneAndAllAtOnce() throws InterruptedException {
    AtomicLong nanos = new AtomicLong();
    assertEquals(
        "2,000 M steps/s on one core alone, 2,000 on each of 1 at once",
        new CoreSpeed(1, () -> nanos.getAndAdd(10_000)).text());
    assertTrue(CoreSpeed.ofThisMachine().atOnce() > 0);
  }
}
