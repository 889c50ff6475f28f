package dev.weir.benchmarks.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;

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
    LoadPlan plan = new LoadPlan(
        URI.create("http://127.0.0.1:1"),
        "",
        Protocol.H1,
        100,
        1,
        new LoadPlan.Senders(1, 1),
        0,
        1_000);
    return new LoadResult(
        plan, 100, completed, completed, 0, histogram(500), histogram(10), others, List.of());
  }

  private static Histogram histogram(long... micros) {
    Histogram histogram = new Histogram(100_000_000, 3);
    for (long value : micros) {
      histogram.recordValue(value);
    }
    return histogram;
  }

  @Test
  void aRateIsSustainedInTimeWithoutRefusalsAndVisibly() {
    assertEquals(
        List.of(),
        Run.shortfalls(load(99, Map.of(Exchange.NO_ANSWER, 1L)), histogram(500_000), 100));
    assertEquals(List.of(), Run.shortfalls(load(100, Map.of()), histogram(), 0));
    assertEquals(
        List.of("3 measured requests refused"),
        Run.shortfalls(load(99, Map.of(429, 1L, 503, 2L)), histogram(), 0));
    assertEquals(1, Run.shortfalls(load(100, Map.of()), histogram(2_000_000), 0).size());
    assertEquals(
        List.of("97.0 % done in time, not all within a second"),
        Run.shortfalls(load(97, Map.of()), histogram(), 0));
    assertEquals(
        List.of("101 events not in the explorer at the end"),
        Run.shortfalls(load(100, Map.of()), histogram(500_000), 101));
    assertEquals(List.of(), Run.shortfalls(load(100, Map.of()), histogram(), 101));
  }
}
