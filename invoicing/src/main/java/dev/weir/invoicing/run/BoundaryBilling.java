package dev.weir.invoicing.run;

import dev.weir.invoicing.Invoice;
import dev.weir.invoicing.InvoiceDraft;
import dev.weir.invoicing.InvoiceIssuer;
import dev.weir.invoicing.InvoiceStore;
import dev.weir.metering.Ids;
import dev.weir.metering.database.Database;
import dev.weir.rating.subscription.Subscription;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.time.InstantSource;
import java.util.Optional;

/** Bills one boundary of one subscription in one transaction. Thread-safe. */
final class BoundaryBilling {

  private final Database database;
  private final BillingSources sources;
  private final InvoiceStore invoices;
  private final InvoiceIssuer issuer;
  private final RunRecords records;
  private final Ids ids;
  private final InstantSource clock;

  BoundaryBilling(
      Database database,
      BillingSources sources,
      InvoiceStore invoices,
      InvoiceIssuer issuer,
      RunRecords records,
      Ids ids,
      InstantSource clock) {
    this.database = database;
    this.sources = sources;
    this.invoices = invoices;
    this.issuer = issuer;
    this.records = records;
    this.ids = ids;
    this.clock = clock;
  }

  /**
   * Bills the subscription's next boundary if it is due; gives the subscription as it is afterwards,
   * or nothing when it is not due (any more).
   */
  Future<Optional<Subscription>> pass(BillingRun run, Subscription subscription) {
    return database.inTenant(
        run.tenantId(),
        connection -> run.request().dryRun()
            ? rehearse(connection, run, subscription)
            : bill(connection, run, subscription));
  }

  private Future<Optional<Subscription>> rehearse(
      SqlConnection connection, BillingRun run, Subscription subscription) {
    if (!isDue(run, subscription)) {
      return Future.succeededFuture(Optional.empty());
    }
    return sources
        .draft(connection, subscription)
        .compose(draft -> records.passed(connection, run, draft, null))
        .map(recorded -> Optional.of(subscription.advanced()));
  }

  private Future<Optional<Subscription>> bill(
      SqlConnection connection, BillingRun run, Subscription subscription) {
    return sources
        .subscriptions()
        .lockForBilling(connection, subscription.id())
        .compose(locked -> isDue(run, locked)
            ? sources
                .draft(connection, locked)
                .compose(draft -> write(connection, run, draft))
                .map(Optional::of)
            : Future.succeededFuture(Optional.empty()));
  }

  private static boolean isDue(BillingRun run, Subscription subscription) {
    return subscription.status() == Subscription.Status.ACTIVE
        && !subscription.nextBoundaryAt().isAfter(run.request().until());
  }

  /** The number comes last, because its counter is what the tenant's other invoices wait for. */
  private Future<Subscription> write(SqlConnection connection, BillingRun run, InvoiceDraft draft) {
    if (draft.isEmpty()) {
      return records
          .passed(connection, run, draft, null)
          .compose(recorded -> sources.subscriptions().advance(connection, draft.subscription()));
    }
    Invoice invoice = draft.invoice(ids.next(), run.id(), clock.instant());
    return invoices
        .insert(connection, invoice)
        .compose(inserted -> invoices.insertItems(connection, invoice, draft.items(ids)))
        .compose(inserted -> records.passed(connection, run, draft, invoice.id()))
        .compose(recorded -> sources.subscriptions().advance(connection, draft.subscription()))
        .compose(advanced -> run.request().finalizes()
            ? issuer.issue(connection, invoice).map(advanced)
            : Future.succeededFuture(advanced));
  }
}
