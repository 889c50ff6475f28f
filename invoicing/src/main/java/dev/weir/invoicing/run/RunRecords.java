package dev.weir.invoicing.run;

import dev.weir.invoicing.InvoiceDraft;
import dev.weir.rating.Money;
import dev.weir.rating.subscription.Subscription;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a run did, row by row, inside the caller's transaction: written with the work it tells of, read
 * for counts and reports. Thread-safe.
 */
final class RunRecords {

  /** Notes a passed boundary; the subscription is then no longer parked in this run. */
  Future<Void> passed(
      SqlConnection connection, BillingRun run, InvoiceDraft draft, @Nullable UUID invoiceId) {
    boolean empty = draft.isEmpty();
    return connection
        .preparedQuery("""
            WITH unparked AS (
              DELETE FROM billing_parked
              WHERE tenant_id = $1 AND run_id = $2 AND subscription_id = $3
            )
            INSERT INTO billing_run_boundaries (tenant_id, run_id, subscription_id, boundary,
              customer_id, outcome, invoice_id, currency, total_amount)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9::text::numeric)
            ON CONFLICT (tenant_id, run_id, subscription_id, boundary) DO UPDATE
              SET outcome = excluded.outcome, currency = excluded.currency,
                total_amount = excluded.total_amount
            """)
        .execute(Tuple.of(
            run.tenantId(),
            run.id(),
            draft.subscription().id(),
            draft.boundary(),
            draft.customer().id(),
            empty ? "empty" : "invoiced",
            invoiceId,
            empty ? null : draft.plan().currency().getCurrencyCode(),
            empty ? null : draft.total().amount().toPlainString()))
        .mapEmpty();
  }

  /** Notes that a subscription stays where it is, and why. */
  Future<Void> parked(
      SqlConnection connection,
      BillingRun run,
      Subscription subscription,
      boolean refused,
      BillingRun.RunFailure reason,
      Instant now) {
    return connection
        .preparedQuery("""
            INSERT INTO billing_parked (tenant_id, run_id, subscription_id, customer_id, boundary,
              refused, code, message, parked_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
            ON CONFLICT (tenant_id, run_id, subscription_id) DO UPDATE
              SET boundary = excluded.boundary, refused = excluded.refused, code = excluded.code,
                message = excluded.message, parked_at = excluded.parked_at
            """)
        .execute(Tuple.of(
            run.tenantId(),
            run.id(),
            subscription.id(),
            subscription.customerId(),
            subscription.nextBoundary(),
            refused,
            reason.code(),
            reason.message(),
            RunStore.timestamp(now)))
        .mapEmpty();
  }

  /** The counts so far; {@code due} as the run noted it. */
  Future<RunCounts> counts(SqlConnection connection, BillingRun run) {
    return connection
        .preparedQuery("""
            SELECT
              (SELECT due_count FROM billing_runs WHERE tenant_id = $1 AND run_id = $2) AS due,
              count(*) FILTER (WHERE outcome = 'invoiced') AS invoiced,
              count(*) FILTER (WHERE outcome = 'empty') AS empty,
              (SELECT count(*) FROM billing_parked
                WHERE tenant_id = $1 AND run_id = $2 AND refused) AS parked,
              (SELECT count(*) FROM billing_parked
                WHERE tenant_id = $1 AND run_id = $2 AND NOT refused) AS failed
            FROM billing_run_boundaries WHERE tenant_id = $1 AND run_id = $2
            """)
        .execute(Tuple.of(run.tenantId(), run.id()))
        .map(rows -> {
          Row row = rows.iterator().next();
          return new RunCounts(
              row.getLong("due"),
              row.getLong("invoiced"),
              row.getLong("empty"),
              row.getLong("parked"),
              row.getLong("failed"));
        });
  }

  Future<List<RunReport.Total>> totals(SqlConnection connection, BillingRun run) {
    return connection
        .preparedQuery("""
            SELECT currency, count(*) AS invoices, sum(total_amount)::text AS amount
            FROM billing_run_boundaries
            WHERE tenant_id = $1 AND run_id = $2 AND outcome = 'invoiced'
            GROUP BY currency ORDER BY currency
            """)
        .execute(Tuple.of(run.tenantId(), run.id()))
        .map(rows -> mapped(
            rows, row -> new RunReport.Total(row.getLong("invoices"), money(row, "amount"))));
  }

  Future<List<RunReport.Parked>> parked(SqlConnection connection, BillingRun run) {
    return connection
        .preparedQuery("""
            SELECT subscription_id, customer_id, boundary, refused, code, message, parked_at
            FROM billing_parked WHERE tenant_id = $1 AND run_id = $2
            ORDER BY subscription_id LIMIT $3
            """)
        .execute(Tuple.of(run.tenantId(), run.id(), RunReport.ITEMS_MAX))
        .map(rows -> mapped(
            rows,
            row -> new RunReport.Parked(
                row.getUUID("subscription_id"),
                row.getUUID("customer_id"),
                row.getInteger("boundary"),
                row.getBoolean("refused"),
                row.getString("code"),
                row.getString("message"),
                row.getOffsetDateTime("parked_at").toInstant())));
  }

  Future<List<RunReport.Preview>> preview(SqlConnection connection, BillingRun run) {
    if (!run.request().dryRun()) {
      return Future.succeededFuture(List.of());
    }
    return connection
        .preparedQuery("""
            SELECT subscription_id, customer_id, boundary, currency, total_amount::text AS amount
            FROM billing_run_boundaries
            WHERE tenant_id = $1 AND run_id = $2 AND outcome = 'invoiced'
            ORDER BY subscription_id, boundary LIMIT $3
            """)
        .execute(Tuple.of(run.tenantId(), run.id(), RunReport.ITEMS_MAX))
        .map(rows -> mapped(
            rows,
            row -> new RunReport.Preview(
                row.getUUID("subscription_id"),
                row.getUUID("customer_id"),
                row.getInteger("boundary"),
                money(row, "amount"))));
  }

  private static Money money(Row row, String column) {
    return new Money(
        new BigDecimal(row.getString(column)), Currency.getInstance(row.getString("currency")));
  }

  private static <T> List<T> mapped(RowSet<Row> rows, Function<Row, T> read) {
    List<T> items = new ArrayList<>();
    for (Row row : rows) {
      items.add(read.apply(row));
    }
    return items;
  }
}
