package dev.weir.benchmarks.ingest;

import dev.weir.benchmarks.harness.Console;
import dev.weir.benchmarks.harness.Contender;
import dev.weir.benchmarks.harness.Options;
import dev.weir.benchmarks.report.Fact;
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
  public static final Contender INGEST = new Contender(
      "ingest",
      "events over HTTP, many in a request",
      "Weir: ingest over HTTP",
      ACKNOWLEDGEMENT,
      LoadSettings.withServer("50000", "1000", "8"),
      IngestBenchmark::run);

  /** One event in a request. */
  public static final Contender SINGLE = new Contender(
      "single",
      "events over HTTP, one in a request",
      "Weir: ingest of single events over HTTP",
      ACKNOWLEDGEMENT,
      LoadSettings.withServer("5000", "1", "64"),
      IngestBenchmark::run);

  private IngestBenchmark() {}

  private static Contender.Measured run(Options options, Console console) throws Exception {
    LoadSettings settings = LoadSettings.of(options);
    try (WeirEvents weir = new WeirEvents(
        Target.weir(options, console),
        settings.shape(),
        settings.meters(),
        InstantSource.system())) {
      EventLoadResult result = new EventLoad(weir, settings, console, "weir").run();
      List<Fact> facts = new ArrayList<>(settings.facts(weir.eventBytes()));
      facts.add(new Fact("Weir", weir.target().meaning()));
      return new Contender.Measured(
          result.first().rate(), facts, result.sections(), result.faults());
    }
  }
}
