package dev.weir.benchmarks.ingest;

import dev.weir.benchmarks.harness.Benchmark;
import dev.weir.benchmarks.harness.Console;
import dev.weir.benchmarks.harness.Options;
import dev.weir.benchmarks.report.Fact;
import dev.weir.benchmarks.report.Report;
import dev.weir.benchmarks.server.Target;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** Events over HTTP into Weir. */
public final class IngestBenchmark {

  /** What every figure of Weir's ingest stands for. */
  public static final String ACKNOWLEDGEMENT =
      "decoded, validated, deduplicated, journaled and flushed by fdatasync before the answer";

  /** Many events in a request. */
  public static final Benchmark INGEST = new Benchmark(
      "ingest",
      "events over HTTP, many in a request",
      LoadSettings.withServer("50000", "1000", "8"),
      (options, console) -> run("ingest", "Ingest over HTTP", options, console));

  /** One event in a request. */
  public static final Benchmark SINGLE = new Benchmark(
      "single",
      "events over HTTP, one in a request",
      LoadSettings.withServer("5000", "1", "64"),
      (options, console) -> run("single", "Ingest of single events over HTTP", options, console));

  private IngestBenchmark() {}

  private static Report run(String name, String title, Options options, Console console)
      throws Exception {
    LoadSettings settings = LoadSettings.of(options);
    try (WeirEvents weir = new WeirEvents(
        Target.weir(options, console),
        settings.shape(),
        settings.meters(),
        InstantSource.system())) {
      EventLoadResult result = new EventLoad(weir, settings, console, "weir").run();
      List<Fact> facts = new ArrayList<>(settings.facts(weir.eventBytes()));
      facts.add(new Fact("an acknowledged event is", ACKNOWLEDGEMENT));
      facts.add(new Fact("Weir", weir.target().meaning()));
      return new Report(name, title, facts, result.sections(), result.faults());
    }
  }
}
