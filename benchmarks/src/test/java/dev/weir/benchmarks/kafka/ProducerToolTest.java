package dev.weir.benchmarks.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.benchmarks.server.Tree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ProducerToolTest {

  private static final String ALL =
      "5000 records sent, 4098.4 records/sec (0.91 MB/sec), 38.12 ms avg latency, 401.00 ms max"
          + " latency, 3 ms 50th, 250 ms 95th, 390 ms 99th, 400 ms 99.9th.\n";
  private static final String STEADY =
      "3000 steady state records sent, 9803.9 records/sec (2.17 MB/sec), 1.50 ms avg latency, 20.00"
          + " ms max latency, 1 ms 50th, 4 ms 95th, 12 ms 99th, 19 ms 99.9th.\n";

  @Test
  void theLastSummaryCounts() {
    assertEquals(
        new ProducerTool.Result(4_098.4, 401, 3, 250, 390, 400),
        ProducerTool.last("hello\n" + ALL));
    assertEquals(
        new ProducerTool.Result(9_803.9, 20, 1, 4, 12, 19), ProducerTool.last(ALL + STEADY));
  }

  @Test
  void aToolThatFailsIsQuoted() {
    IllegalStateException failure =
        assertThrows(IllegalStateException.class, () -> ProducerTool.last("no broker"));
    assertTrue(failure.getMessage().endsWith("no broker"), failure.getMessage());
  }

  @Test
  void producerBrokerAndReportNameTheSameVersion() throws IOException {
    Path root = Tree.root();
    String broker = Files.readString(root.resolve("benchmarks/contenders/kafka/pom.xml"));
    String build = Files.readString(root.resolve("pom.xml"));
    assertTrue(broker.contains("<version>" + KafkaBroker.VERSION + "</version>"));
    assertTrue(build.contains("<kafka.version>" + KafkaBroker.VERSION + "</kafka.version>"));
  }
}
