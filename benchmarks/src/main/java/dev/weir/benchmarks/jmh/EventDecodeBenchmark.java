package dev.weir.benchmarks.jmh;

import dev.weir.metering.dedup.IdentityKey;
import dev.weir.metering.event.EventBatch;
import dev.weir.metering.event.EventDecoder;
import dev.weir.metering.event.EventLimits;
import dev.weir.metering.event.EventRules;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Decoding a request of 1,000 events: parse, validate, hash, write records. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class EventDecodeBenchmark {

  private static final int EVENTS = 1_000;

  private final byte[] body = SampleEvents.lines(0, EVENTS);
  private final EventDecoder decoder = new EventDecoder(EventLimits.DEFAULT);
  private final EventDecoder.Sender sender =
      new EventDecoder.Sender(new UUID(1, 2), new IdentityKey(3, 4), EventRules.NONE, 0);

  @Benchmark
  @OperationsPerInvocation(EVENTS)
  public EventBatch events() {
    return decoder.decodeLines(body, sender);
  }
}
