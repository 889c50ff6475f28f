package dev.weir.benchmarks.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ServerSampleTest {

  private static final String METRICS = """
      # HELP weir_dedup_memory_bytes Memory
      weir_dedup_memory_bytes 2.5E3
      jvm_memory_used_bytes{area="heap",id="Eden"} 10
      jvm_memory_used_bytes{area="heap",id="Old"} 5.0
      jvm_memory_used_bytes{area="nonheap",id="Code"} 100
      """;

  @Test
  void seriesThatMatchAreAddedUp() {
    assertEquals(15, ServerSample.sum(METRICS, "jvm_memory_used_bytes\\{[^}]*area=\"heap\"[^}]*}"));
    assertEquals(0, ServerSample.sum(METRICS, "jvm_memory"));
  }

  @Test
  void groupsInThePatternOfASeriesAreNotItsValue() {
    assertEquals(2_500, ServerSample.sum(METRICS, "weir_dedup_memory(_bytes)?"));
  }
}
