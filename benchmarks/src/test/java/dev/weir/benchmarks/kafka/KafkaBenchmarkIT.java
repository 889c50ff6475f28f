package dev.weir.benchmarks.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.benchmarks.BenchRun;
import dev.weir.benchmarks.fetch.Contenders;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A second of a real broker, with both ways of measuring it; the figures mean nothing. */
class KafkaBenchmarkIT {

  @TempDir
  Path directory;

  @ParameterizedTest
  @CsvSource({"kafka-flush, flushed by the one broker", "kafka, in the page cache of the one broker"
  })
  void everyRecordThatIsAcknowledgedIsInTheTopic(String benchmark, String acknowledged)
      throws Exception {
    Contenders.assumeThere("kafka");
    BenchRun run = BenchRun.of(
        benchmark,
        "--rate=2000",
        "--batch=100",
        "--senders=2",
        "--warm-up=0",
        "--seconds=1",
        "--heap=256m",
        "--no-report",
        "--data=" + directory);
    assertEquals(0, run.exitCode(), run.toString());
    assertTrue(
        run.out().contains("2,000 records acknowledged; the topic has got 2,000"), run.toString());
    assertTrue(run.out().contains("answers other than wanted: none"), run.toString());
    assertTrue(run.out().contains("| acknowledged after, p99.9"), run.toString());
    assertTrue(run.out().contains("ProducerPerformance, as fast as it goes"), run.toString());
    assertTrue(run.out().contains("ProducerPerformance at 2,000 events/s"), run.toString());
    assertTrue(run.out().contains(acknowledged), run.toString());
    try (Stream<Path> left = Files.list(directory)) {
      assertEquals(List.of(), left.toList());
    }
  }
}
