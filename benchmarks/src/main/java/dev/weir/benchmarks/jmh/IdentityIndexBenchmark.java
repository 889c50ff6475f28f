package dev.weir.benchmarks.jmh;

import dev.weir.metering.dedup.IdentityIndex;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Checking new identities against an index that already holds many. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class IdentityIndexBenchmark {

  @Param({"1000000", "20000000"})
  private int held;

  private IdentityIndex index = new IdentityIndex(1, 1);
  private SplittableRandom random = new SplittableRandom(1);

  @Setup(Level.Iteration)
  public void fill() {
    random = new SplittableRandom(1);
    index = new IdentityIndex(200_000_000L, 3_024_000);
    for (int i = 0; i < held; i++) {
      index.check(random.nextLong(), random.nextLong(), i, 1_000);
    }
  }

  @TearDown(Level.Iteration)
  public void free() {
    index.close();
  }

  @Benchmark
  public IdentityIndex.Answer newIdentity() {
    return index.check(random.nextLong(), random.nextLong(), 7, 1_000);
  }
}
