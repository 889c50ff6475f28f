package dev.weir.benchmarks;

import dev.weir.benchmarks.compare.Comparison;
import dev.weir.benchmarks.dedup.IdentityLoad;
import dev.weir.benchmarks.endurance.OverloadBenchmark;
import dev.weir.benchmarks.endurance.SoakBenchmark;
import dev.weir.benchmarks.explorer.ExplorerBenchmark;
import dev.weir.benchmarks.harness.Benchmark;
import dev.weir.benchmarks.harness.Contender;
import dev.weir.benchmarks.ingest.IngestBenchmark;
import dev.weir.benchmarks.journal.AppendBenchmark;
import dev.weir.benchmarks.journal.FlushBenchmark;
import dev.weir.benchmarks.kafka.KafkaBenchmark;
import dev.weir.benchmarks.killbill.KillBillBenchmark;
import dev.weir.benchmarks.micro.MicroBenchmark;
import dev.weir.benchmarks.reads.RestBenchmark;
import dev.weir.benchmarks.replay.ReplayBenchmark;
import dev.weir.benchmarks.results.Campaign;
import dev.weir.benchmarks.scaling.ScalingBenchmark;
import dev.weir.benchmarks.sink.SinkBenchmark;
import dev.weir.benchmarks.start.StartBenchmark;
import dev.weir.benchmarks.table.TableBenchmark;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Every benchmark there is, in the order that help shows them. */
final class Benchmarks {

  /** What Weir is compared with; whatever takes the same events can be added. */
  private static final List<Contender> OTHERS = List.of(
      SinkBenchmark.SINK,
      AppendBenchmark.APPEND,
      FlushBenchmark.FLUSH,
      TableBenchmark.TABLE,
      KafkaBenchmark.KAFKA,
      KafkaBenchmark.KAFKA_FLUSHED,
      KillBillBenchmark.KILL_BILL);

  private static final List<Benchmark> MEASURED = List.of(
      IngestBenchmark.INGEST.benchmark(),
      IngestBenchmark.SINGLE.benchmark(),
      OverloadBenchmark.OVERLOAD,
      SoakBenchmark.SOAK,
      ScalingBenchmark.SCALING,
      RestBenchmark.REST,
      StartBenchmark.START,
      ReplayBenchmark.REPLAY,
      IdentityLoad.DEDUP,
      ExplorerBenchmark.EXPLORER,
      MicroBenchmark.MICRO,
      SinkBenchmark.SINK.benchmark(),
      AppendBenchmark.APPEND.benchmark(),
      FlushBenchmark.FLUSH.benchmark(),
      TableBenchmark.TABLE.benchmark(),
      KafkaBenchmark.KAFKA.benchmark(),
      KafkaBenchmark.KAFKA_FLUSHED.benchmark(),
      KillBillBenchmark.KILL_BILL.benchmark(),
      Comparison.with(IngestBenchmark.INGEST, OTHERS));

  static final List<Benchmark> ALL = Stream.concat(
          MEASURED.stream(), Stream.of(Campaign.of(MEASURED), Campaign.RESULTS))
      .toList();

  private Benchmarks() {}

  static Optional<Benchmark> named(String name) {
    return ALL.stream().filter(benchmark -> benchmark.name().equals(name)).findFirst();
  }
}
