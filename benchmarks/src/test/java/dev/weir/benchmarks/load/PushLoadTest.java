package dev.weir.benchmarks.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PushLoadTest {

  private static final LoadPlan PLAN = new LoadPlan(
      URI.create("none://here"), "", Protocol.H1, 1_000, 10, new LoadPlan.Senders(1, 1), 0, 500);

  /** Answers on a thread of its own, one of ten not as wanted. */
  private static class Library implements Pusher {
    final AtomicInteger pushed = new AtomicInteger();

    @Override
    public void push(Outcome outcome) {
      boolean acknowledged = pushed.getAndIncrement() % 10 != 9;
      new Thread(() -> outcome.told(acknowledged), "library").start();
    }

    @Override
    public int requestsMax() {
      return 1_000;
    }

    @Override
    public long cpuNanos() {
      return 0;
    }
  }

  @Test
  void everythingDueIsPushedAndCountedByItsOutcome() throws InterruptedException {
    Library library = new Library();
    AtomicInteger measured = new AtomicInteger();
    LoadResult result = Load.push(PLAN, List.of(library), measured::incrementAndGet);
    assertEquals(1, measured.get());
    assertEquals(50, library.pushed.get());
    assertEquals(50, result.due());
    assertEquals(45, result.wanted());
    assertEquals(5, result.others().get(Exchange.NO_ANSWER));
    assertEquals(45, result.latencies().getTotalCount());
  }

  @Test
  void noMoreAreUnderWayThanMayBe() throws InterruptedException {
    Library silent = new Library() {
      @Override
      public void push(Outcome outcome) {
        pushed.getAndIncrement();
      }

      @Override
      public int requestsMax() {
        return 3;
      }
    };
    LoadResult result = Load.push(PLAN, List.of(silent), () -> {});
    assertEquals(3, silent.pushed.get());
    assertEquals(50, result.due());
    assertEquals(47, result.unsent());
    assertEquals(3, result.others().get(Exchange.NO_ANSWER));
  }

  @Test
  void whileThereIsNoRoomWhatIsDueIsLate() throws InterruptedException {
    long begun = System.nanoTime();
    Library slow = new Library() {
      @Override
      public void push(Outcome outcome) {
        super.push(outcome);
        while (System.nanoTime() - begun < 700_000_000L) {
          Thread.onSpinWait();
        }
      }
    };
    LoadResult result = Load.push(PLAN, List.of(slow), () -> {});
    assertEquals(50, result.due());
    assertTrue(result.departures().getMaxValue() >= 100_000, result.departures().toString());
  }
}
