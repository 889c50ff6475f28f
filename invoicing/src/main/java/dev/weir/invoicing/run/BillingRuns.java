package dev.weir.invoicing.run;

import dev.weir.invoicing.InvoiceIssuer;
import dev.weir.invoicing.InvoiceStore;
import dev.weir.invoicing.InvoicingError;
import dev.weir.metering.Ids;
import dev.weir.metering.Refusal;
import dev.weir.metering.database.Database;
import dev.weir.rating.Slice;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts billing runs, works on them in the background, and reports. Work runs on one event-loop
 * context of its own and never blocks it. Thread-safe.
 */
public final class BillingRuns {

  private static final Logger LOG = LoggerFactory.getLogger(BillingRuns.class);

  private final Vertx vertx;
  private final Context context;
  private final Database database;
  private final RunStore runs = new RunStore();
  private final RunRecords records = new RunRecords();
  private final RunWork work;
  private final RunLimits limits;
  private final Ids ids;
  private final InstantSource clock;
  private final Map<UUID, Future<Void>> active = new ConcurrentHashMap<>();
  private final Promise<Void> stopped = Promise.promise();

  /** What a run works with. */
  public record Parts(
      BillingSources sources,
      InvoiceStore invoices,
      InvoiceIssuer issuer,
      UsageBarrier barrier,
      RunLimits limits) {}

  public BillingRuns(Vertx vertx, Database database, Parts parts, Ids ids, InstantSource clock) {
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
    this.database = database;
    this.limits = parts.limits();
    this.ids = ids;
    this.clock = clock;
    BoundaryBilling boundaries = new BoundaryBilling(
        database, parts.sources(), parts.invoices(), parts.issuer(), records, ids, clock);
    this.work = new RunWork(
        database,
        runs,
        records,
        parts.sources().subscriptions(),
        new SubscriptionBilling(database, boundaries, records, clock),
        parts.barrier(),
        parts.limits(),
        clock);
  }

  /**
   * Queues a run and begins it in the background; gives it as queued. Refuses with
   * RUN_UNTIL_IN_FUTURE, or with RUN_IN_PROGRESS while the tenant has another run.
   */
  public Future<BillingRun> start(UUID tenantId, RunRequest request) {
    var now = clock.instant();
    if (request.until().isAfter(now)) {
      return Future.failedFuture(new Refusal(
          InvoicingError.RUN_UNTIL_IN_FUTURE,
          "until",
          "'until' is after %s, the time now; a period that is not over cannot be billed."
              .formatted(now)));
    }
    BillingRun run =
        new BillingRun(ids.next(), tenantId, request, RunState.QUEUED, null, null, now, null, null);
    return database
        .inTenant(tenantId, connection -> runs.insert(connection, run))
        .onSuccess(this::begin);
  }

  /**
   * Takes up the runs that an earlier process left unfinished; gives how many. Call once at start-up,
   * as the engine. Their work goes on in the background.
   */
  public Future<Integer> resumeInterrupted() {
    return database.asEngine(runs::unfinished).map(unfinished -> {
      unfinished.forEach(this::begin);
      return unfinished.size();
    });
  }

  /** The run's state, counts, totals and parked subscriptions; refuses with RUN_NOT_FOUND. */
  public Future<RunReport> report(UUID tenantId, String id) {
    UUID runId;
    try {
      runId = UUID.fromString(id);
    } catch (IllegalArgumentException e) {
      return Future.failedFuture(RunStore.notFound(id));
    }
    return database.inTenant(
        tenantId,
        connection -> runs.find(connection, tenantId, runId)
            .compose(run -> records
                .counts(connection, run)
                .compose(counts -> records
                    .totals(connection, run)
                    .compose(totals -> records
                        .parked(connection, run)
                        .compose(parked -> records
                            .preview(connection, run)
                            .map(preview ->
                                new RunReport(run, counts, totals, parked, preview)))))));
  }

  /** A slice of the tenant's runs, newest first. */
  public Future<Slice<BillingRun>> list(UUID tenantId, int limit, int offset) {
    return database.inTenant(
        tenantId, connection -> runs.list(connection, tenantId, limit, offset));
  }

  /** Completes when this process no longer works on the run; at once if it does not. */
  public Future<Void> finished(UUID runId) {
    return active.getOrDefault(runId, Future.succeededFuture());
  }

  /**
   * Takes up nothing more and completes when the boundaries being billed are written. What is left
   * stays for {@link #resumeInterrupted}.
   */
  public Future<Void> stop() {
    stopped.tryComplete();
    return Future.join(List.copyOf(active.values())).mapEmpty();
  }

  private boolean stopping() {
    return stopped.future().isComplete();
  }

  private void begin(BillingRun run) {
    Promise<Void> ended = Promise.promise();
    if (active.putIfAbsent(run.id(), ended.future()) != null) {
      return;
    }
    context.runOnContext(ready -> Loop.from(
            limits.retryMillis(), pauseMillis -> persist(run, pauseMillis))
        .onComplete(done -> {
          active.remove(run.id());
          if (done.failed()) {
            LOG.error("run {} ended in disorder", run.id(), done.cause());
          }
          ended.complete();
        }));
  }

  /** One try; gives the pause before the next when the database was away and we need not stop. */
  private Future<Optional<Long>> persist(BillingRun run, long pauseMillis) {
    return work.attempt(run, stopped.future()).map(Optional.<Long>empty()).recover(outage -> {
      LOG.warn("run {} interrupted, again in {} ms: {}", run.id(), pauseMillis, outage + "");
      long longerMillis = Math.min(pauseMillis * 2, limits.retryMillisMax());
      return pause(pauseMillis)
          .map(paused -> stopping() ? Optional.empty() : Optional.of(longerMillis));
    });
  }

  private Future<Void> pause(long millis) {
    return Future.any(vertx.timer(millis, TimeUnit.MILLISECONDS), stopped.future())
        .mapEmpty();
  }
}
