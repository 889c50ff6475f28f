package dev.weir.benchmarks.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class CapacitySearchTest {

  private static long find(long capacity, long first) throws InterruptedException {
    return new CapacitySearch(rate -> rate <= capacity).find(first);
  }

  @Test
  void itEndsCloseBelowTheCapacityFromWhereverItBegins() throws InterruptedException {
    for (long first : new long[] {1_000, 10_000, 99_999, 100_000, 100_001, 1_000_000}) {
      long found = find(100_000, first);
      assertTrue(found <= 100_000 && found >= 75_000, first + ": " + found);
    }
  }

  @Test
  void theStepsAreKeptInTheirOrder() throws InterruptedException {
    CapacitySearch search = new CapacitySearch(rate -> rate <= 200);
    assertEquals(187, search.find(100));
    assertEquals(
        "[100 true, 150 true, 225 false, 187 true, 206 false]",
        search.steps().stream()
            .map(step -> step.eventsPerSecond() + " " + step.keptUp())
            .toList()
            .toString());
  }

  @Test
  void aServerThatTakesNothingIsAFailure() {
    assertThrows(IllegalStateException.class, () -> find(0, 1_000));
  }
}
