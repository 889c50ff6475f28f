package dev.weir.benchmarks.ingest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.benchmarks.load.Exchange;
import dev.weir.benchmarks.load.Load;
import dev.weir.benchmarks.load.LoadPlan;
import dev.weir.benchmarks.load.LoadResult;
import dev.weir.benchmarks.load.Protocol;
import dev.weir.benchmarks.server.BilledMeter;
import dev.weir.benchmarks.server.Target;
import dev.weir.benchmarks.server.WeirClient;
import dev.weir.metering.json.Json;
import java.math.BigDecimal;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Weir, with meters of our own on a type of our own, so that nothing that was there before counts. */
public final class WeirEvents implements ServerUnderLoad {

  private static final long VISIBLE_NANOS_MAX = TimeUnit.SECONDS.toNanos(60);
  private static final long SETTLED_NANOS = TimeUnit.SECONDS.toNanos(2);
  private static final long SEED_EVENTS_PER_SECOND = 250_000;
  private static final int SEED_CONNECTIONS = 8;
  private static final int SEED_TRIES = 5;
  private static final long LOOK_AGAIN_MILLIS = 50;
  private static final String BILLED = EventShape.subject(0);
  private static final List<String> OTHERS = List.of("COUNT", "MAX", "SUM", "MIN");

  private final Target target;
  private final EventShape shape;
  private final InstantSource clock;
  private final String run;
  private final Ledger ledger = new Ledger();
  private final WeirClient client;
  private @Nullable String bill;

  /**
   * @param meters that count each event: one sums by group, others are of several aggregations
   */
  public WeirEvents(Target target, EventShape shape, int meters, InstantSource clock)
      throws InterruptedException {
    this.target = target;
    this.shape = shape;
    this.clock = clock;
    this.run = Long.toHexString(clock.millis());
    this.client = target.client();
    for (int i = 0; i < meters; i++) {
      addMeter(i);
    }
  }

  private void addMeter(int number) throws InterruptedException {
    String aggregation = number == 0 ? "SUM" : OTHERS.get((number - 1) % OTHERS.size());
    ObjectNode meter = Json.MAPPER
        .createObjectNode()
        .put("slug", meter(number))
        .put("eventType", type())
        .put("aggregation", aggregation);
    if (!aggregation.equals("COUNT")) {
      meter.put("valueProperty", "$.tokens");
    }
    meter.putObject("groupBy").put("model", "$.model");
    client.post("/api/v1/meters", Json.text(meter));
  }

  /**
   * Sends until at least so many events were accepted, and waits until they are counted.
   *
   * @throws IllegalStateException if it does not take them, however often they are sent
   */
  public Check seed(long events) throws InterruptedException {
    long before = ledger.acceptedEvents();
    @Nullable Check check = null;
    long missing = events;
    for (int i = 0; i < SEED_TRIES && (missing > 0 || check == null); i++) {
      send(missing);
      check = check();
      missing = events - (ledger.acceptedEvents() - before);
    }
    if (missing > 0 || check == null) {
      throw new IllegalStateException(String.format(
          Locale.ROOT,
          "of %,d events %,d are missing after %d tries: %s",
          events,
          missing,
          SEED_TRIES,
          check == null ? "" : check.text()));
    }
    return check;
  }

  /** Sends as many, in whole requests; some may be refused, or not be sent when it is slow. */
  private void send(long wanted) throws InterruptedException {
    long batch = shape.eventsPerRequest();
    long events = (wanted + batch - 1) / batch * batch;
    long rate = Math.max(batch, Math.min(events, SEED_EVENTS_PER_SECOND));
    LoadPlan plan = new LoadPlan(
        target.url(),
        target.key(),
        Protocol.H1,
        rate,
        shape.eventsPerRequest(),
        new LoadPlan.Senders(1, SEED_CONNECTIONS),
        0,
        Math.max(1, (events * 1_000 + rate - 1) / rate));
    Load.run(plan, this::exchange, () -> {});
  }

  /** What was acknowledged so far. */
  public Ledger ledger() {
    return ledger;
  }

  /** The meter that sums by group. */
  public String meter() {
    return meter(0);
  }

  private String meter(int number) {
    return String.format(Locale.ROOT, "bench_%s_%d", run, number);
  }

  private String type() {
    return "bench." + run;
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
    return new IngestExchange(shape, new EventBody(shape, type(), run), ledger, clock);
  }

  /** What one event takes in a request. */
  public int eventBytes() {
    return new EventBody(shape, type(), run).eventBytes();
  }

  @Override
  public Optional<VisibilityProbe> probe() throws InterruptedException {
    return Optional.of(new VisibilityProbe(
        client,
        "/api/v1/meters/" + meter() + "/query?subject=" + BILLED + "&after=",
        bill() + "?after=",
        ledger));
  }

  /** The path of the running bill of one subject, who subscribes when this is asked for first. */
  private String bill() throws InterruptedException {
    String path = bill;
    if (path == null) {
      path = new BilledMeter(client, meter(), clock.instant()).subscribe(BILLED);
      bill = path;
    }
    return path;
  }

  /** Waits until the total is what was acknowledged, or stays as it is, and until all is indexed. */
  @Override
  public Check check() throws InterruptedException {
    BigDecimal least = BigDecimal.valueOf(ledger.acceptedValue());
    BigDecimal most = least.add(BigDecimal.valueOf(ledger.unknownValue()));
    long begun = System.nanoTime();
    long changed = begun;
    BigDecimal total = client.total(meter(0));
    while (System.nanoTime() - begun < VISIBLE_NANOS_MAX
        && !isSettled(total, least, most, changed)) {
      TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN_MILLIS);
      BigDecimal now = client.total(meter(0));
      changed = now.compareTo(total) == 0 ? changed : System.nanoTime();
      total = now;
    }
    // What is left to index would else be done in the time of whatever is measured next.
    while (target.sample().unindexedEvents() > 0 && System.nanoTime() - begun < VISIBLE_NANOS_MAX) {
      TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN_MILLIS);
    }
    boolean holds =
        total.compareTo(least) >= 0 && total.compareTo(most) <= 0 && ledger.oddRequests() == 0;
    return new Check(holds, text(total, least, most));
  }

  /** With requests whose outcome is unknown no total is the right one: then it must have come to rest. */
  private static boolean isSettled(
      BigDecimal total, BigDecimal least, BigDecimal most, long changedNanos) {
    if (least.compareTo(most) == 0) {
      return total.compareTo(least) == 0;
    }
    return total.compareTo(least) >= 0 && System.nanoTime() - changedNanos > SETTLED_NANOS;
  }

  private String text(BigDecimal total, BigDecimal least, BigDecimal most) {
    String due = least.compareTo(most) == 0
        ? String.format(Locale.ROOT, "%,d", ledger.acceptedValue())
        : String.format(
            Locale.ROOT,
            "%,d to %,d, as some answers did not come",
            ledger.acceptedValue(),
            most.longValueExact());
    String odd = ledger.oddRequests() == 0
        ? ""
        : "; answers that did not accept all events: " + ledger.oddRequests();
    return String.format(
        Locale.ROOT,
        "%,d events acknowledged, %s; the meter's total is %,d, and must be %s%s",
        ledger.acceptedEvents(),
        ledger.refusals(),
        total.toBigInteger(),
        due,
        odd);
  }

  @Override
  public void close() {
    target.close();
  }
}
