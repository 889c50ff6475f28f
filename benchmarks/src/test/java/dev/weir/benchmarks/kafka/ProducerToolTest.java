package dev.weir.benchmarks.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.benchmarks.harness.Options;
import dev.weir.benchmarks.server.Tree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
  void aToolThatDidNotDoAllThatItWasAskedForFails() {
    assertEquals(ProducerTool.last(STEADY), ProducerTool.checked(0, 5_000, ALL + STEADY));
    for (IllegalStateException failure : new IllegalStateException[] {
      assertThrows(IllegalStateException.class, () -> ProducerTool.checked(1, 5_000, ALL)),
      assertThrows(IllegalStateException.class, () -> ProducerTool.checked(0, 5_001, ALL + STEADY)),
      assertThrows(IllegalStateException.class, () -> ProducerTool.checked(0, 5_000, "no broker"))
    }) {
      assertTrue(
          failure.getMessage().startsWith("ProducerPerformance ends with"), failure.getMessage());
    }
  }

  @Test
  void aSettingSaysWhetherItIsKafkasOwn() {
    Options options = Options.parse(KafkaSettings.OPTIONS, List.of());
    KafkaSettings settings = KafkaSettings.of(options, false);
    assertEquals(5, settings.lingerMillis());
    String facts = settings.facts().toString();
    assertTrue(facts.contains("linger.ms=5 (Kafka's default)"), facts);
    assertTrue(facts.contains("batch.size=262144 (Kafka's default: 16384)"), facts);
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
