package dev.weir.benchmarks.kafka;

import dev.weir.benchmarks.ingest.EventBody;
import dev.weir.benchmarks.ingest.EventShape;
import dev.weir.benchmarks.ingest.ServerUnderLoad;
import dev.weir.benchmarks.ingest.VisibilityProbe;
import dev.weir.benchmarks.load.Load;
import dev.weir.benchmarks.load.LoadPlan;
import dev.weir.benchmarks.load.LoadResult;
import dev.weir.benchmarks.server.Target;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The broker under the same load as Weir: one topic, and a producer for each sender. */
final class KafkaEvents implements ServerUnderLoad {

  private static final String TOPIC = "usage";

  private final KafkaBroker broker;
  private final Target target;
  private final KafkaSettings settings;
  private final List<KafkaPusher> producers = new ArrayList<>();
  private final KafkaPusher.Tally tally = new KafkaPusher.Tally();

  /**
   * @param target the broker's process and directory
   */
  KafkaEvents(
      KafkaBroker broker,
      Target target,
      KafkaSettings settings,
      EventShape shape,
      int senders,
      InstantSource clock)
      throws InterruptedException {
    this.broker = broker;
    this.target = target;
    this.settings = settings;
    broker.create(TOPIC, settings);
    String run = Long.toHexString(clock.millis());
    try {
      for (int i = 0; i < senders; i++) {
        producers.add(new KafkaPusher(
            settings,
            broker.address(),
            "bench-" + i,
            TOPIC,
            shape,
            new EventBody(shape, "bench." + run, run),
            tally,
            clock));
      }
    } catch (RuntimeException e) {
      producers.forEach(KafkaPusher::close);
      throw e;
    }
  }

  @Override
  public Target target() {
    return target;
  }

  @Override
  public LoadResult run(LoadPlan plan, Runnable onMeasure) throws InterruptedException {
    return Load.push(plan, producers, onMeasure);
  }

  @Override
  public Optional<VisibilityProbe> probe() {
    return Optional.empty();
  }

  /** The topic must have as many records as were acknowledged. */
  @Override
  public Check check() throws InterruptedException {
    producers.forEach(KafkaPusher::flush);
    long appended = broker.appended(TOPIC, settings.partitions());
    boolean exact = tally.failed() == 0;
    return new Check(
        exact
            ? appended == tally.acknowledged()
            : appended >= tally.acknowledged() && appended <= tally.sent(),
        String.format(
            Locale.ROOT,
            "%,d records acknowledged; the topic has got %,d%s",
            tally.acknowledged(),
            appended,
            exact ? "" : String.format(Locale.ROOT, ", as %,d failed", tally.failed())));
  }

  /** Closes the producers; the broker is its starter's. */
  @Override
  public void close() {
    producers.forEach(KafkaPusher::close);
  }
}
