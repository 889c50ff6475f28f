package dev.weir.benchmarks.jmh;

import dev.weir.metering.aggregate.MeterReplay;
import dev.weir.metering.dedup.IdentityKey;
import dev.weir.metering.event.EventDecoder;
import dev.weir.metering.event.EventLimits;
import dev.weir.metering.event.EventRules;
import dev.weir.metering.journal.Frame;
import dev.weir.metering.journal.FrameWriter;
import dev.weir.metering.journal.JournalPosition;
import dev.weir.metering.meter.Aggregation;
import dev.weir.metering.meter.MeterDefinition;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Writing 1,000 windows of as many series in one durable transaction to the PostgreSQL that Weir embeds, as
 * the aggregator and backfills do. Decoding and folding come before and are not measured.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class WindowUpsertBenchmark {

  private static final int WINDOWS = 1_000;
  private static final Instant FIRST = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant NOW = Instant.parse("2026-01-15T00:00:00Z");

  /** What becomes of a window. */
  public enum Kind {
    CHANGED,
    NEW
  }

  @Param({"SUM", "MAX"})
  private Aggregation aggregation = Aggregation.SUM;

  @Param({"CHANGED", "NEW"})
  private Kind kind = Kind.NEW;

  private final EventDecoder decoder = new EventDecoder(EventLimits.DEFAULT);
  private final FrameWriter writer = new FrameWriter();
  private @Nullable WindowDatabase started;
  private MeterReplay replay = replay(Aggregation.SUM);
  private Instant minute = FIRST;

  private static MeterReplay replay(Aggregation aggregation) {
    return new MeterReplay(
        new MeterDefinition(
                "upsert",
                null,
                "llm.call",
                aggregation,
                "$.input_tokens",
                Map.of("model", "$.model"),
                Map.of())
            .toMeter(new UUID(5, 6), SampleBatch.TENANT, Instant.EPOCH),
        JournalPosition.START,
        (places, upTo, visitor) -> {
          throw new IllegalStateException("nothing is taken back here");
        });
  }

  @Setup
  public void start() throws IOException {
    started = new WindowDatabase(NOW);
    minute = FIRST;
    replay = replay(aggregation);
    fold();
    windows();
  }

  private WindowDatabase database() {
    return Objects.requireNonNull(started);
  }

  @TearDown
  public void stop() {
    database().close();
  }

  /** JMH's clock around each invocation costs nothing beside a transaction. */
  @Setup(Level.Invocation)
  public void fold() {
    if (kind == Kind.NEW) {
      minute = minute.plus(Duration.ofMinutes(1));
    }
    SampleBatch.write(
        writer,
        decoder.decodeLines(
            SampleEvents.lines(minute, WINDOWS),
            new EventDecoder.Sender(
                SampleBatch.TENANT, new IdentityKey(3, 4), EventRules.NONE, 0)));
    replay.swap();
    replay.filling().fold(Frame.of(writer));
    database().prepare(replay.filling());
  }

  @Benchmark
  @OperationsPerInvocation(WINDOWS)
  public int windows() {
    MeterReplay.Portion portion = replay.filling();
    database().write(portion);
    return portion.rows();
  }
}
