package dev.weir.benchmarks.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class CapacitySearchTest {

  private static CapacitySearch search(long capacity) {
    return new CapacitySearch((rate, forLong) -> rate <= capacity);
  }

  private static String steps(CapacitySearch search) {
    return search.steps().stream()
        .map(step -> step.eventsPerSecond() + (step.forLong() ? " long " : " ") + step.keptUp())
        .toList()
        .toString();
  }

  @Test
  void itEndsWithinATwentiethBelowTheCapacityFromWhereverItBegins() throws InterruptedException {
    for (long first :
        new long[] {1, 1_000, 10_000, 99_999, 100_000, 100_001, 1_000_000, 100_000_000}) {
      CapacitySearch search = search(100_000);
      long found = search.find(first);
      assertTrue(found <= 100_000 && found >= 95_000, first + ": " + steps(search));
      assertTrue(search.steps().size() <= 35, first + ": " + steps(search));
    }
  }

  @Test
  void aGoodFirstRateCostsFewTrials() throws InterruptedException {
    CapacitySearch below = search(95_000);
    assertEquals(94_500, below.find(90_000));
    assertEquals("[90000 true, 99000 false, 94500 true, 94500 long true]", steps(below));
    CapacitySearch above = search(95_000);
    assertEquals(92_501, above.find(100_001));
    assertEquals(
        "[100001 false, 90001 true, 95001 false, 92501 true, 92501 long true]", steps(above));
  }

  @Test
  void whatIsKeptUpWithOnlyForMomentsIsNoCapacity() throws InterruptedException {
    CapacitySearch search =
        new CapacitySearch((rate, forLong) -> rate <= (forLong ? 85_000 : 95_000));
    assertEquals(83_042, search.find(90_000));
    assertEquals(
        "[90000 true, 99000 false, 94500 true, 94500 long false, 89775 long false,"
            + " 80798 long true, 85286 long false, 83042 long true]",
        steps(search));
    CapacitySearch never = new CapacitySearch((rate, forLong) -> !forLong && rate <= 100);
    assertThrows(IllegalStateException.class, () -> never.find(90));
  }

  @Test
  void aMachineThatIsMuchSlowerThanAMomentAgoStillHasACapacity() throws InterruptedException {
    for (int percent = 2; percent <= 100; percent++) {
      long slow = 94_500L * percent / 100;
      CapacitySearch search =
          new CapacitySearch((rate, forLong) -> rate <= (forLong ? slow : 95_000));
      long found = search.find(90_000);
      assertTrue(found <= slow && found >= slow * 94 / 100, slow + ": " + steps(search));
      assertTrue(search.steps().size() <= 19, slow + ": " + steps(search));
    }
  }

  @Test
  void aServerThatTakesNothingIsAFailure() {
    assertThrows(IllegalStateException.class, () -> search(0).find(1_000));
  }
}
