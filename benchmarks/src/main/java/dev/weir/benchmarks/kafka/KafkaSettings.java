package dev.weir.benchmarks.kafka;

import dev.weir.benchmarks.harness.Option;
import dev.weir.benchmarks.harness.Options;
import dev.weir.benchmarks.report.Fact;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerConfig;

/**
 * How producer and topic are set, besides Kafka's own defaults.
 *
 * @param batchBytes of one partition that the producer sends at once
 * @param lingerMillis that it waits for a batch to fill
 * @param requestsMax of one producer under way at once; without a bound they would wait in its memory
 * @param flushed whether the broker flushes before it answers
 */
record KafkaSettings(
    int partitions, int batchBytes, int lingerMillis, int requestsMax, boolean flushed) {

  private static final int PARTITIONS_MAX = 1_000;
  private static final int BATCH_BYTES_MAX = 1_000_000;
  private static final int LINGER_MILLIS_MAX = 10_000;
  private static final int REQUESTS_MAX = 10_000;

  static final List<Option> OPTIONS = List.of(
      new Option("partitions", "N", "2", "of Kafka's topic"),
      new Option("producer-bytes", "N", "262144", "batch.size of Kafka's producer"),
      new Option(
          "linger", "N", usual(ProducerConfig.LINGER_MS_CONFIG), "linger.ms of Kafka's producer"),
      new Option("under-way", "N", "32", "requests of Kafka's producer under way at once"));

  /** Kafka's default of one of its producer's settings, in the release that is measured. */
  private static String usual(String setting) {
    return String.valueOf(ProducerConfig.configDef().defaultValues().get(setting));
  }

  /** A setting, and whether it is as Kafka has it: nobody should have to look that up. */
  private static String shown(String setting, int value) {
    String usual = usual(setting);
    return setting + "=" + value
        + (usual.equals(Integer.toString(value))
            ? " (Kafka's default)"
            : " (Kafka's default: " + usual + ")");
  }

  static KafkaSettings of(Options options, boolean flushed) {
    return new KafkaSettings(
        (int) options.number("partitions", 1, PARTITIONS_MAX),
        (int) options.number("producer-bytes", 1, BATCH_BYTES_MAX),
        (int) options.number("linger", 0, LINGER_MILLIS_MAX),
        (int) options.number("under-way", 1, REQUESTS_MAX),
        flushed);
  }

  /** The producer's settings; the others are Kafka's defaults. */
  Map<String, String> producer(String broker) {
    return Map.of(
        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
        broker,
        ProducerConfig.ACKS_CONFIG,
        "all",
        ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
        "true",
        ProducerConfig.BATCH_SIZE_CONFIG,
        Integer.toString(batchBytes),
        ProducerConfig.LINGER_MS_CONFIG,
        Integer.toString(lingerMillis));
  }

  /** The topic's settings: what was written goes again, so that no disk is filled. */
  Map<String, String> topic() {
    long bytes = KafkaBroker.KEPT_BYTES / partitions;
    Map<String, String> kept =
        Map.of("retention.bytes", Long.toString(bytes), "segment.bytes", Long.toString(bytes / 4));
    return flushed
        ? Map.of(
            "retention.bytes",
            Long.toString(bytes),
            "segment.bytes",
            Long.toString(bytes / 4),
            "flush.messages",
            "1")
        : kept;
  }

  List<Fact> facts() {
    return List.of(
        new Fact(
            "broker",
            "Kafka " + KafkaBroker.VERSION
                + ", one node of KRaft in a process of its own: one replica,"
                + " as one machine can have no more"),
        new Fact(
            "topic",
            String.format(
                Locale.ROOT,
                "%d partitions, %s",
                partitions,
                flushed
                    ? "flush.messages=1: flushed before the broker answers"
                    : "flushed when the kernel wants to")),
        new Fact(
            "producer",
            String.format(
                Locale.ROOT,
                "acks=all, idempotent, %s, %s, no key, not compressed,"
                    + " up to %d requests under way",
                shown(ProducerConfig.BATCH_SIZE_CONFIG, batchBytes),
                shown(ProducerConfig.LINGER_MS_CONFIG, lingerMillis),
                requestsMax)));
  }
}
