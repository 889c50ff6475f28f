package dev.weir.benchmarks.kafka;

import dev.weir.benchmarks.ingest.EventBody;
import dev.weir.benchmarks.ingest.EventShape;
import dev.weir.benchmarks.load.Pusher;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** One producer: a request is as many records, and done when all of them are acknowledged. */
final class KafkaPusher implements Pusher, AutoCloseable {

  /** Records of all producers. */
  static final class Tally {
    private final AtomicLong numbers = new AtomicLong();
    private final LongAdder acknowledged = new LongAdder();
    private final LongAdder failed = new LongAdder();

    long sent() {
      return numbers.get();
    }

    long acknowledged() {
      return acknowledged.sum();
    }

    long failed() {
      return failed.sum();
    }
  }

  private final KafkaProducer<byte[], byte[]> producer;
  private final int requestsMax;
  private final String clientId;
  private final String topic;
  private final EventShape shape;
  private final EventBody body;
  private final Tally tally;
  private final InstantSource clock;

  /**
   * @param body of requests of this shape
   */
  KafkaPusher(
      KafkaSettings settings,
      String broker,
      String clientId,
      String topic,
      EventShape shape,
      EventBody body,
      Tally tally,
      InstantSource clock) {
    Map<String, Object> all = new HashMap<>(settings.producer(broker));
    all.put(ProducerConfig.CLIENT_ID_CONFIG, clientId);
    this.producer = new KafkaProducer<>(all, new ByteArraySerializer(), new ByteArraySerializer());
    this.requestsMax = settings.requestsMax();
    this.clientId = clientId;
    this.topic = topic;
    this.shape = shape;
    this.body = body;
    this.tally = tally;
    this.clock = clock;
  }

  /** A request of which not all records are acknowledged yet. */
  private final class Request implements Callback {
    private final AtomicInteger open = new AtomicInteger(shape.eventsPerRequest());
    private final AtomicBoolean lost = new AtomicBoolean();
    private final Outcome outcome;

    private Request(Outcome outcome) {
      this.outcome = outcome;
    }

    @Override
    public void onCompletion(@Nullable RecordMetadata metadata, @Nullable Exception failure) {
      if (failure == null) {
        tally.acknowledged.increment();
      } else {
        tally.failed.increment();
        lost.set(true);
      }
      if (open.decrementAndGet() == 0) {
        outcome.told(!lost.get());
      }
    }
  }

  @Override
  public void push(Outcome outcome) {
    body.patch(tally.numbers.getAndAdd(shape.eventsPerRequest()), clock.instant());
    Request request = new Request(outcome);
    for (int i = 0; i < shape.eventsPerRequest(); i++) {
      try {
        // The callback is told everything that this would be.
        Future<RecordMetadata> unused =
            producer.send(new ProducerRecord<>(topic, body.event(i)), request);
      } catch (KafkaException e) {
        request.onCompletion(null, e);
      }
    }
  }

  @Override
  public int requestsMax() {
    return requestsMax;
  }

  @Override
  public long cpuNanos() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long nanos = 0;
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().endsWith("| " + clientId)) {
        nanos += Math.max(0, threads.getThreadCpuTime(thread.getId()));
      }
    }
    return nanos;
  }

  /** Waits until every record sent was acknowledged or has failed. */
  void flush() {
    producer.flush();
  }

  @Override
  public void close() {
    producer.close();
  }
}
