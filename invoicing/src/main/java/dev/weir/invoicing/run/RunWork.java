package dev.weir.invoicing.run;

import dev.weir.invoicing.InvoicingError;
import dev.weir.metering.Refusal;
import dev.weir.metering.database.Database;
import dev.weir.metering.database.Outage;
import dev.weir.rating.subscription.Subscription;
import dev.weir.rating.subscription.SubscriptionStore;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The work of a run from beginning to end. May be done again at any time: what is billed is no longer
 * due. Thread-safe.
 */
final class RunWork {

  private static final Logger LOG = LoggerFactory.getLogger(RunWork.class);

  private final Database database;
  private final RunStore runs;
  private final RunRecords records;
  private final SubscriptionStore subscriptions;
  private final SubscriptionBilling billing;
  private final UsageBarrier barrier;
  private final RunLimits limits;
  private final InstantSource clock;

  RunWork(
      Database database,
      RunStore runs,
      RunRecords records,
      SubscriptionStore subscriptions,
      SubscriptionBilling billing,
      UsageBarrier barrier,
      RunLimits limits,
      InstantSource clock) {
    this.database = database;
    this.runs = runs;
    this.records = records;
    this.subscriptions = subscriptions;
    this.billing = billing;
    this.barrier = barrier;
    this.limits = limits;
    this.clock = clock;
  }

  /**
   * Works until every due subscription is billed or parked, or until told to stop, which leaves the
   * run to be resumed. Fails only when the database is away or it was told to stop; other failures end the
   * run as failed.
   */
  Future<Void> attempt(BillingRun run, Future<Void> stopped) {
    BooleanSupplier stopping = stopped::isComplete;
    return database
        .inTenant(run.tenantId(), connection -> runs.begin(connection, run, clock.instant()))
        .compose(begun -> usageVisible(stopped))
        .compose(visible -> stopping.getAsBoolean() ? Future.succeededFuture() : noteDue(run))
        .compose(noted -> billAll(run, stopping))
        .compose(billed ->
            stopping.getAsBoolean() ? Future.succeededFuture() : finish(run, RunState.DONE, null))
        // What fails while everything ends may fail for that reason only.
        .recover(failure -> Outage.is(failure) || stopping.getAsBoolean()
            ? Future.failedFuture(failure)
            : finish(run, RunState.FAILED, reason(run, failure)));
  }

  /** Completes also when told to stop: usage may be long in coming. */
  private Future<Void> usageVisible(Future<Void> stopped) {
    Future<Void> visible = usageVisible();
    return Future.any(visible.otherwiseEmpty(), stopped)
        .compose(first -> stopped.isComplete() ? Future.succeededFuture() : visible);
  }

  private Future<Void> usageVisible() {
    return barrier
        .awaitVisible()
        .timeout(limits.usageTimeoutMillis(), TimeUnit.MILLISECONDS)
        .recover(failure -> {
          LOG.warn("usage is not visible: {}", failure.toString());
          return Future.failedFuture(new Refusal(
              InvoicingError.RUN_USAGE_NOT_VISIBLE,
              ("Usage that was acknowledged did not become visible within %d ms; what was not"
                      + " billed yet stays due. Start a run again when the lag is back to normal.")
                  .formatted(limits.usageTimeoutMillis())));
        });
  }

  private static BillingRun.RunFailure reason(BillingRun run, Throwable failure) {
    if (failure instanceof Refusal refusal) {
      return new BillingRun.RunFailure(refusal.code().name(), refusal.text());
    }
    LOG.error("run {} failed", run.id(), failure);
    return new BillingRun.RunFailure(
        InvoicingError.RUN_FAILED.name(), "The run failed on our side; the reason is logged.");
  }

  private Future<Void> finish(
      BillingRun run, RunState state, BillingRun.@Nullable RunFailure error) {
    return database.inTenant(
        run.tenantId(),
        connection -> records
            .counts(connection, run)
            .compose(
                counts -> runs.finish(connection, run, state, error, counts, clock.instant())));
  }

  /** Where reading due subscriptions has come to, and how many there were so far. */
  private record Cursor(@Nullable UUID after, long seen) {

    static final Cursor START = new Cursor(null, 0);

    Cursor past(List<Subscription> batch) {
      return new Cursor(batch.get(batch.size() - 1).id(), seen + batch.size());
    }
  }

  private Future<Void> noteDue(BillingRun run) {
    return Loop.from(
        Cursor.START,
        cursor -> due(run, cursor)
            .compose(batch -> batch.isEmpty()
                ? database
                    .inTenant(
                        run.tenantId(), connection -> runs.noteDue(connection, run, cursor.seen()))
                    .map(Optional.empty())
                : Future.succeededFuture(Optional.of(cursor.past(batch)))));
  }

  private Future<Void> billAll(BillingRun run, BooleanSupplier stopping) {
    return Loop.from(
        Cursor.START,
        cursor -> (stopping.getAsBoolean()
                ? Future.succeededFuture(List.<Subscription>of())
                : due(run, cursor))
            .compose(batch -> bill(run, batch, stopping)
                .map(billed -> batch.isEmpty() || stopping.getAsBoolean()
                    ? Optional.empty()
                    : Optional.of(cursor.past(batch)))));
  }

  private Future<List<Subscription>> due(BillingRun run, Cursor cursor) {
    return database.inTenant(
        run.tenantId(),
        connection -> subscriptions.due(
            connection, run.request().until(), cursor.after(), limits.subscriptionsPerBatch()));
  }

  /** Bills a batch in a few lanes side by side; completes when all have ended. */
  private Future<Void> bill(BillingRun run, List<Subscription> batch, BooleanSupplier stopping) {
    Queue<Subscription> waiting = new ConcurrentLinkedQueue<>(batch);
    List<Future<Void>> lanes = new ArrayList<>();
    for (int i = 0; i < Math.min(limits.subscriptionsAtOnce(), batch.size()); i++) {
      lanes.add(Loop.from(
          Optional.ofNullable(waiting.poll()),
          next -> next.isEmpty()
              ? Future.succeededFuture(Optional.empty())
              : billing
                  .bill(run, next.get(), stopping)
                  .map(billed -> Optional.of(Optional.ofNullable(waiting.poll())))));
    }
    return Future.join(lanes).mapEmpty();
  }
}
