package dev.weir.benchmarks.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.benchmarks.load.Exchange;
import dev.weir.benchmarks.load.LoadPlan;
import dev.weir.benchmarks.load.LoadResult;
import dev.weir.benchmarks.load.Protocol;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class RunTest {

  private static LoadResult load(long completed, Map<Integer, Long> others) {
    return load(1, 100, completed, others);
  }

  private static LoadResult load(int seconds, long due, long completed, Map<Integer, Long> others) {
    LoadPlan plan = new LoadPlan(
        URI.create("http://127.0.0.1:1"),
        "",
        Protocol.H1,
        100,
        1,
        new LoadPlan.Senders(1, 1),
        0,
        seconds * 1_000L);
    return new LoadResult(
        plan, due, completed, completed, 0, histogram(500), histogram(10), others, List.of());
  }

  private static Histogram histogram(long... micros) {
    Histogram histogram = new Histogram(100_000_000, 3);
    for (long value : micros) {
      histogram.recordValue(value);
    }
    return histogram;
  }

  private static Visibility visible(long... micros) {
    return new Visibility(histogram(micros), histogram(), 0);
  }

  @Test
  void noQueueMayGrowForLong() {
    assertTrue(load(60, 60_000, 59_900, Map.of()).keptUp(), "a tenth of a second");
    assertFalse(load(60, 60_000, 59_899, Map.of()).keptUp());
    assertTrue(load(2, 2_000, 1_960, Map.of()).keptUp(), "2 %");
    assertFalse(load(2, 2_000, 1_959, Map.of()).keptUp());
    assertTrue(load(60, 60, 59, Map.of()).keptUp(), "one is under way");
  }

  @Test
  void aServerThatRefusesEverythingIsToldFromOneThatIsSlow() {
    assertTrue(load(1, 100, 0, Map.of(503, 100L)).noneWanted());
    assertFalse(load(1, 100, 1, Map.of(503, 99L)).noneWanted());
    assertFalse(load(1, 100, 0, Map.of(0, 100L)).noneWanted(), "nothing was answered in time");
  }

  @Test
  void aQueryThatFailsIsNotSustained() {
    assertEquals(
        List.of("queries and running bills that failed: 1"),
        Run.shortfalls(
            load(100, Map.of()), new Visibility(histogram(500_000), histogram(500_000), 1), 0));
  }

  @Test
  void aRunningBillThatIsLateIsNotSustained() {
    assertEquals(
        List.of("in the running bill only after p99 of 2,000 ms"),
        Run.shortfalls(
            load(100, Map.of()), new Visibility(histogram(500_000), histogram(2_000_000), 0), 0));
  }

  @Test
  void aRateIsSustainedInTimeWithoutRefusalsAndVisibly() {
    assertEquals(
        List.of(), Run.shortfalls(load(99, Map.of(Exchange.NO_ANSWER, 1L)), visible(500_000), 100));
    assertEquals(List.of(), Run.shortfalls(load(100, Map.of()), visible(), 0));
    assertEquals(
        List.of("3 measured requests refused"),
        Run.shortfalls(load(99, Map.of(429, 1L, 503, 2L)), visible(), 0));
    assertEquals(1, Run.shortfalls(load(100, Map.of()), visible(2_000_000), 0).size());
    assertEquals(
        List.of("97.00 % done in time, not all within a second"),
        Run.shortfalls(load(97, Map.of()), visible(), 0));
    assertEquals(
        List.of("101 events not in the explorer at the end"),
        Run.shortfalls(load(100, Map.of()), visible(500_000), 101));
    assertEquals(List.of(), Run.shortfalls(load(100, Map.of()), visible(), 101));
  }
}
