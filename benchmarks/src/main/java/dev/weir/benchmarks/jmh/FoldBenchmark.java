package dev.weir.benchmarks.jmh;

import dev.weir.metering.aggregate.MeterReplay;
import dev.weir.metering.journal.Frame;
import dev.weir.metering.journal.FrameWriter;
import dev.weir.metering.journal.JournalPosition;
import dev.weir.metering.meter.Aggregation;
import dev.weir.metering.meter.MeterDefinition;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
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

/** Folding a frame of 1,000 events into a meter's windows, grouped by one property. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class FoldBenchmark {

  /** Frames between two flushes. */
  private static final int FLUSH_FRAMES = 20;

  @Param({"COUNT", "SUM", "MAX"})
  private Aggregation aggregation = Aggregation.SUM;

  private final Frame frame = frame();
  private MeterReplay replay = replay(Aggregation.SUM);
  private int folded;

  private static Frame frame() {
    FrameWriter writer = new FrameWriter();
    SampleBatch.write(writer, SampleBatch.decoded());
    return Frame.of(writer);
  }

  private static MeterReplay replay(Aggregation aggregation) {
    String value = aggregation == Aggregation.COUNT ? null : "$.input_tokens";
    return new MeterReplay(
        new MeterDefinition(
                "fold", null, "llm.call", aggregation, value, Map.of("model", "$.model"), Map.of())
            .toMeter(new UUID(5, 6), SampleBatch.TENANT, Instant.EPOCH),
        JournalPosition.START,
        (places, upTo, visitor) -> {
          throw new IllegalStateException("nothing is taken back here");
        });
  }

  @Setup(Level.Iteration)
  public void begin() {
    replay = replay(aggregation);
  }

  @Benchmark
  @OperationsPerInvocation(SampleBatch.EVENTS)
  public long fold() {
    if (++folded % FLUSH_FRAMES == 0) {
      replay.swap();
    }
    replay.filling().fold(frame);
    return replay.filling().counted();
  }
}
