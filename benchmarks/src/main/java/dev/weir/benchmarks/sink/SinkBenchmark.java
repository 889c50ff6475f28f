package dev.weir.benchmarks.sink;

import dev.weir.benchmarks.harness.Console;
import dev.weir.benchmarks.harness.Contender;
import dev.weir.benchmarks.harness.Options;
import dev.weir.benchmarks.ingest.EventLoad;
import dev.weir.benchmarks.ingest.EventLoadResult;
import dev.weir.benchmarks.ingest.LoadSettings;
import dev.weir.benchmarks.report.Fact;
import dev.weir.benchmarks.server.Target;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** The sink as something to compare with. */
public final class SinkBenchmark {

  public static final Contender SINK = new Contender(
      "sink",
      "the limit of HTTP: a bare server that only reads the same bytes",
      "A bare HTTP server that reads the same bytes",
      "read from the socket and forgotten",
      LoadSettings.withServer("50000", "1000", "8"),
      SinkBenchmark::run);

  private SinkBenchmark() {}

  private static Contender.Measured run(Options options, Console console) throws Exception {
    LoadSettings settings = LoadSettings.of(options);
    Target target = Target.other(
        options,
        SinkServer.class.getName(),
        List.of(Integer.toString(settings.shape().eventsPerRequest())),
        SinkServer.READY);
    try (SinkEvents sink = new SinkEvents(target, settings.shape(), InstantSource.system())) {
      EventLoadResult result = new EventLoad(sink, settings, console, "sink").run();
      List<Fact> facts = new ArrayList<>(settings.facts(sink.eventBytes()));
      facts.add(new Fact("sink", target.meaning()));
      return new Contender.Measured(
          result.first().rate(), facts, result.sections(), result.faults());
    }
  }
}
