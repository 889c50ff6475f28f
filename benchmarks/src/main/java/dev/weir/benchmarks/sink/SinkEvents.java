package dev.weir.benchmarks.sink;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.benchmarks.ingest.EventBody;
import dev.weir.benchmarks.ingest.EventShape;
import dev.weir.benchmarks.ingest.IngestExchange;
import dev.weir.benchmarks.ingest.Ledger;
import dev.weir.benchmarks.ingest.ServerUnderLoad;
import dev.weir.benchmarks.ingest.VisibilityProbe;
import dev.weir.benchmarks.load.Exchange;
import dev.weir.benchmarks.load.Load;
import dev.weir.benchmarks.load.LoadPlan;
import dev.weir.benchmarks.load.LoadResult;
import dev.weir.benchmarks.server.Target;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;

/** The sink under the same load as Weir. */
final class SinkEvents implements ServerUnderLoad {

  private final Target target;
  private final EventShape shape;
  private final InstantSource clock;
  private final String run;
  private final Ledger ledger = new Ledger();

  SinkEvents(Target target, EventShape shape, InstantSource clock) {
    this.target = target;
    this.shape = shape;
    this.clock = clock;
    this.run = Long.toHexString(clock.millis());
  }

  private EventBody body() {
    return new EventBody(shape, "bench." + run, run);
  }

  @Override
  public Target target() {
    return target;
  }

  @Override
  public LoadResult run(LoadPlan plan, Runnable onMeasure) throws InterruptedException {
    return Load.run(plan, this::exchange, onMeasure);
  }

  private Exchange exchange() {
    return new IngestExchange(shape, body(), ledger, clock);
  }

  int eventBytes() {
    return body().eventBytes();
  }

  @Override
  public Optional<VisibilityProbe> probe() {
    return Optional.empty();
  }

  /** The sink must have read every byte of what it answered. */
  @Override
  public Check check() throws InterruptedException {
    JsonNode received = target.client().get("/received");
    long bytes = ledger.acceptedEvents() / shape.eventsPerRequest() * body().bytes().length;
    boolean exact = ledger.unknownValue() == 0;
    long read = received.path("bytes").asLong();
    return new Check(
        exact ? read == bytes : read >= bytes,
        String.format(
            Locale.ROOT,
            "%,d events answered; the sink read %,d bytes, and must have read %,d%s",
            ledger.acceptedEvents(),
            read,
            bytes,
            exact ? "" : " or more, as some answers did not come"));
  }

  @Override
  public void close() {
    target.close();
  }
}
