package dev.weir.invoicing.run;

import dev.weir.invoicing.InvoicingError;
import dev.weir.metering.Refusal;
import dev.weir.metering.database.Database;
import dev.weir.metering.database.Outage;
import dev.weir.rating.subscription.Subscription;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Bills one subscription up to a run's end, boundary after boundary, or parks it. Thread-safe. */
final class SubscriptionBilling {

  private static final Logger LOG = LoggerFactory.getLogger(SubscriptionBilling.class);

  private final Database database;
  private final BoundaryBilling boundaries;
  private final RunRecords records;
  private final InstantSource clock;

  SubscriptionBilling(
      Database database, BoundaryBilling boundaries, RunRecords records, InstantSource clock) {
    this.database = database;
    this.boundaries = boundaries;
    this.records = records;
    this.clock = clock;
  }

  /** Fails only when the database is away; every other trouble parks the subscription. */
  Future<Void> bill(BillingRun run, Subscription subscription, BooleanSupplier stopping) {
    return Loop.from(
        subscription,
        current -> stopping.getAsBoolean()
            ? Future.succeededFuture(Optional.empty())
            : boundaries
                .pass(run, current)
                .recover(cause -> Outage.is(cause)
                    ? Future.failedFuture(cause)
                    : park(run, current, cause).map(Optional.empty())));
  }

  private Future<Void> park(BillingRun run, Subscription subscription, Throwable cause) {
    boolean refused = cause instanceof Refusal;
    BillingRun.RunFailure reason = reason(run, subscription, cause);
    return database.inTenant(
        run.tenantId(),
        connection ->
            records.parked(connection, run, subscription, refused, reason, clock.instant()));
  }

  private static BillingRun.RunFailure reason(
      BillingRun run, Subscription subscription, Throwable cause) {
    if (cause instanceof Refusal refusal) {
      return new BillingRun.RunFailure(refusal.code().name(), refusal.text());
    }
    LOG.error("run {}: subscription {} could not be billed", run.id(), subscription.id(), cause);
    return new BillingRun.RunFailure(
        InvoicingError.INVOICE_BILL_FAILED.name(),
        "The bill failed on our side; the reason is logged under this run's id.");
  }
}
