package dev.weir.benchmarks.jmh;

import dev.weir.metering.event.EventBatch;
import dev.weir.metering.journal.FrameWriter;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Making a frame of 1,000 decoded events, with its checksum. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class FrameEncodeBenchmark {

  private final EventBatch batch = SampleBatch.decoded();
  private final FrameWriter writer = new FrameWriter();

  @Benchmark
  @OperationsPerInvocation(SampleBatch.EVENTS)
  public int frame() {
    SampleBatch.write(writer, batch);
    return writer.length();
  }
}
