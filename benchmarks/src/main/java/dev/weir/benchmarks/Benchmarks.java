package dev.weir.benchmarks;

import dev.weir.benchmarks.harness.Benchmark;
import dev.weir.benchmarks.ingest.IngestBenchmark;
import java.util.List;
import java.util.Optional;

/** Every benchmark there is, in the order that help shows them. */
final class Benchmarks {

  static final List<Benchmark> ALL = List.of(IngestBenchmark.INGEST, IngestBenchmark.SINGLE);

  private Benchmarks() {}

  static Optional<Benchmark> named(String name) {
    return ALL.stream().filter(benchmark -> benchmark.name().equals(name)).findFirst();
  }
}
