package dev.weir.benchmarks.kafka;

import dev.weir.benchmarks.ingest.EventBody;
import dev.weir.benchmarks.report.Figure;
import dev.weir.benchmarks.report.Section;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Kafka's own ProducerPerformance, in a process of its own, with the same events as records. */
final class ProducerTool {

  static final long AS_FAST_AS_IT_GOES = -1;

  private static final String MAIN_CLASS = "org.apache.kafka.tools.ProducerPerformance";
  private static final long MINUTES_MAX = 30;
  private static final Pattern SUMMARY = Pattern.compile(
      "([0-9]+)( steady state)? records sent, ([0-9.]+) records/sec \\([0-9.]+ MB/sec\\),"
          + " ([0-9.]+) ms avg latency, ([0-9.]+) ms max latency, ([0-9]+) ms 50th,"
          + " ([0-9]+) ms 95th, ([0-9]+) ms 99th, ([0-9]+) ms 99\\.9th");

  private final List<String> program;
  private final String broker;
  private final KafkaSettings settings;
  private final Path payloads;

  /**
   * What it prints at its end, for what it sent after its warm-up.
   *
   * @param p50 milliseconds from sending a record to its acknowledgement
   */
  record Result(
      double recordsPerSecond, double max, double p50, double p95, double p99, double p999) {}

  /**
   * @param program words that run a class of Kafka, without the class
   * @param body events of which it takes its records
   * @param directory where it may write them
   */
  ProducerTool(
      List<String> program,
      String broker,
      KafkaSettings settings,
      EventBody body,
      int events,
      Path directory)
      throws IOException {
    this.program = List.copyOf(program);
    this.broker = broker;
    this.settings = settings;
    this.payloads = directory.resolve("payloads");
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < events; i++) {
      lines.append(new String(body.event(i), StandardCharsets.US_ASCII)).append('\n');
    }
    Files.writeString(payloads, lines.toString());
  }

  static String mainClass() {
    return MAIN_CLASS;
  }

  /**
   * Sends records; blocks until all are acknowledged.
   *
   * @param warmUp records of these that do not count
   * @param recordsPerSecond or {@link #AS_FAST_AS_IT_GOES}
   */
  Result run(String topic, long records, long warmUp, long recordsPerSecond)
      throws IOException, InterruptedException {
    List<String> words = new ArrayList<>(program);
    words.addAll(List.of(
        "--topic",
        topic,
        "--num-records",
        Long.toString(records),
        "--warmup-records",
        Long.toString(warmUp),
        "--throughput",
        Long.toString(recordsPerSecond),
        "--payload-file",
        payloads.toString(),
        "--command-property"));
    for (Map.Entry<String, String> setting : settings.producer(broker).entrySet()) {
      words.add(setting.getKey() + "=" + setting.getValue());
    }
    Path log = payloads.resolveSibling("producer-performance.log");
    Process process = new ProcessBuilder(words)
        .redirectErrorStream(true)
        .redirectOutput(log.toFile())
        .start();
    try {
      if (!process.waitFor(MINUTES_MAX, TimeUnit.MINUTES)) {
        throw new IllegalStateException("ProducerPerformance does not end");
      }
    } finally {
      process.destroyForcibly();
    }
    return checked(process.exitValue(), records, Files.readString(log));
  }

  /**
   * The figures of a run that did all that it was asked for.
   *
   * @param records that it was asked to send, its warm-up included
   */
  static Result checked(int exitCode, long records, String printed) {
    long sent = sent(printed);
    if (exitCode != 0 || sent != records) {
      throw new IllegalStateException(String.format(
          Locale.ROOT,
          "ProducerPerformance ends with %d and has sent %,d of %,d records; it says: %s",
          exitCode,
          sent,
          records,
          printed));
    }
    return last(printed);
  }

  /** The first summary is the one of all records. */
  private static long sent(String printed) {
    Matcher matcher = SUMMARY.matcher(printed);
    return matcher.find() ? Long.parseLong(matcher.group(1)) : 0;
  }

  /** The last summary is the one of the steady state, after that of all records. */
  static Result last(String printed) {
    Matcher matcher = SUMMARY.matcher(printed);
    Result result = null;
    while (matcher.find()) {
      result = new Result(
          Double.parseDouble(matcher.group(3)),
          Double.parseDouble(matcher.group(5)),
          Double.parseDouble(matcher.group(6)),
          Double.parseDouble(matcher.group(7)),
          Double.parseDouble(matcher.group(8)),
          Double.parseDouble(matcher.group(9)));
    }
    if (result == null) {
      throw new IllegalStateException("ProducerPerformance gives no figures, but says: " + printed);
    }
    return result;
  }

  static Figure rate(List<Result> results) {
    return figure("acknowledged", "events/s", results, Result::recordsPerSecond);
  }

  static Section figures(String title, List<Result> results) {
    return Section.figures(
        title,
        List.of(
            rate(results),
            figure("each record, p50", "ms", results, Result::p50),
            figure("each record, p95", "ms", results, Result::p95),
            figure("each record, p99", "ms", results, Result::p99),
            figure("each record, p99.9", "ms", results, Result::p999),
            figure("each record, max", "ms", results, Result::max)));
  }

  private static Figure figure(
      String name, String unit, List<Result> results, ToDoubleFunction<Result> value) {
    return Figure.of(name, unit, 0, results.stream().mapToDouble(value).toArray());
  }
}
