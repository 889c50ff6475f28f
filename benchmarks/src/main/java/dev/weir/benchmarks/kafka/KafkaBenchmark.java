package dev.weir.benchmarks.kafka;

import dev.weir.benchmarks.fetch.ContenderFiles;
import dev.weir.benchmarks.harness.Console;
import dev.weir.benchmarks.harness.Contender;
import dev.weir.benchmarks.harness.Option;
import dev.weir.benchmarks.harness.Options;
import dev.weir.benchmarks.ingest.EventBody;
import dev.weir.benchmarks.ingest.EventLoad;
import dev.weir.benchmarks.ingest.EventLoadResult;
import dev.weir.benchmarks.ingest.LoadSettings;
import dev.weir.benchmarks.report.Fact;
import dev.weir.benchmarks.report.Figure;
import dev.weir.benchmarks.report.Section;
import dev.weir.benchmarks.server.Jvm;
import dev.weir.benchmarks.server.Target;
import dev.weir.benchmarks.server.Tree;
import dev.weir.benchmarks.server.Workspace;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A Kafka broker as something to compare with: as it comes, and flushing before it answers. */
public final class KafkaBenchmark {

  private static final String MISSING =
      "; not parsed or validated, an event id sent twice is stored twice, nothing is added up";

  public static final Contender KAFKA = new Contender(
      "kafka",
      "what a user could take instead: a Kafka broker, acks=all",
      "A Kafka broker, acks=all, one replica, not flushed",
      "in the page cache of the one broker, by its default: a power cut loses it" + MISSING,
      options(),
      (options, console) -> run(options, console, false));

  public static final Contender KAFKA_FLUSHED = new Contender(
      "kafka-flush",
      "the same with flush.messages=1",
      "A Kafka broker, acks=all, one replica, flush.messages=1",
      "flushed by the one broker, which fsyncs the segment at each append" + MISSING,
      options(),
      (options, console) -> run(options, console, true));

  private static final int PART_OF_CAPACITY = 70;
  private static final long WARM_UP_MILLIS_MAX = 2_000;
  private static final long RECORDS_MIN = 1_000;
  private static final String TOOL_TOPIC = "producer-performance";

  private final Options options;
  private final Console console;
  private final LoadSettings load;
  private final KafkaSettings settings;
  private final List<Section> sections = new ArrayList<>();

  private KafkaBenchmark(Options options, Console console, boolean flushed) {
    this.options = options;
    this.console = console;
    this.load = LoadSettings.of(options);
    this.settings = KafkaSettings.of(options, flushed);
  }

  private static List<Option> options() {
    List<Option> options = new ArrayList<>(LoadSettings.options("50000", "1000", "8"));
    options.addAll(Workspace.OPTIONS);
    options.addAll(Jvm.OPTIONS);
    options.addAll(KafkaSettings.OPTIONS);
    return options;
  }

  private static Contender.Measured run(Options options, Console console, boolean flushed)
      throws Exception {
    return new KafkaBenchmark(options, console, flushed).measured();
  }

  private String name() {
    return settings.flushed() ? "kafka-flush" : "kafka";
  }

  private Contender.Measured measured() throws Exception {
    Jvm jvm = Jvm.of(options);
    Path jars = ContenderFiles.of("kafka", console);
    Path directory = Workspace.fresh(options);
    console.progress(name() + ": starting a broker");
    try (KafkaBroker broker = KafkaBroker.start(jvm, jars, directory, Tree.reports(options))) {
      Target target = Target.started(
          URI.create("kafka://" + broker.address()), jvm.text(), broker.process(), directory);
      InstantSource clock = InstantSource.system();
      int senders = load.senders().count();
      try (KafkaEvents kafka =
          new KafkaEvents(broker, target, settings, load.shape(), senders, clock)) {
        EventLoadResult result = new EventLoad(kafka, load, console, name()).run();
        Figure own = result.first().rate();
        sections.addAll(result.sections());
        List<String> words = KafkaBroker.words(jvm, jars, ProducerTool.mainClass());
        Figure tool = toolRate(broker, words, directory, Math.round(own.median()));
        return new Contender.Measured(better(own, tool), facts(target), sections, result.faults());
      }
    } finally {
      Tree.delete(directory);
    }
  }

  /** As many as there can be, by whichever way there are more; at a fixed rate by ours. */
  private Figure better(Figure own, Figure tool) {
    return load.rate() != LoadSettings.FIND_CAPACITY || own.median() >= tool.median() ? own : tool;
  }

  /** By Kafka's own tool as fast as it goes, and at a fixed rate: ours, or a part of the first. */
  private Figure toolRate(KafkaBroker broker, List<String> words, Path directory, long about)
      throws IOException, InterruptedException {
    EventBody body = new EventBody(load.shape(), "bench.kafka", "tool");
    body.patch(0, InstantSource.system().instant());
    ProducerTool tool = new ProducerTool(
        words, broker.address(), settings, body, load.shape().eventsPerRequest(), directory);
    broker.create(TOOL_TOPIC, settings);
    List<ProducerTool.Result> fastest = toolRuns(tool, about, ProducerTool.AS_FAST_AS_IT_GOES);
    Figure rate = ProducerTool.rate(fastest);
    long fixed = load.rate() == LoadSettings.FIND_CAPACITY
        ? Math.max(1, Math.round(rate.median() * PART_OF_CAPACITY / 100))
        : load.rate();
    List<ProducerTool.Result> slower = toolRuns(tool, fixed, fixed);
    sections.add(ProducerTool.figures("Kafka's ProducerPerformance, as fast as it goes", fastest));
    sections.add(ProducerTool.figures(
        String.format(Locale.ROOT, "Kafka's ProducerPerformance at %,d events/s", fixed), slower));
    return rate;
  }

  /**
   * The tool's runs.
   *
   * @param perSecond how many records it is expected to send
   */
  private List<ProducerTool.Result> toolRuns(ProducerTool tool, long perSecond, long throughput)
      throws IOException, InterruptedException {
    List<ProducerTool.Result> results = new ArrayList<>();
    long records = Math.max(RECORDS_MIN, perSecond * load.measuredMillis() / 1_000);
    long warmUp = perSecond * Math.min(WARM_UP_MILLIS_MAX, load.warmUpMillis()) / 1_000;
    for (int i = 1; i <= load.runs(); i++) {
      console.progress("%s: ProducerPerformance, run %d of %d".formatted(name(), i, load.runs()));
      ProducerTool.Result result = tool.run(TOOL_TOPIC, warmUp + records, warmUp, throughput);
      console.say(String.format(
          Locale.ROOT,
          "%s: ProducerPerformance: %,.0f events/s, p50 %.0f, p99 %.0f ms",
          name(),
          result.recordsPerSecond(),
          result.p50(),
          result.p99()));
      results.add(result);
    }
    return results;
  }

  private List<Fact> facts(Target target) {
    int bytes = new EventBody(load.shape(), "bench.kafka", "tool").event(0).length;
    List<Fact> facts = new ArrayList<>(load.facts(
        String.format(
            Locale.ROOT,
            "%,d records each, %,d bytes a record",
            load.shape().eventsPerRequest(),
            bytes),
        load.senders().count() + " threads with a producer each"));
    facts.addAll(settings.facts());
    facts.add(new Fact("broker's JVM", target.meaning()));
    facts.add(new Fact(
        "ProducerPerformance",
        "the same records and settings, one producer in a process of its own; its latency counts from"
            + " when a record was sent, not from when it was due"));
    return facts;
  }
}
