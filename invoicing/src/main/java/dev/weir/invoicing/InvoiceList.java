package dev.weir.invoicing;

import dev.weir.rating.Slice;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Lists invoices inside the caller's transaction. Thread-safe. */
public final class InvoiceList {

  private static final String MATCHING = """
       FROM invoices
      WHERE tenant_id = $1
        AND ($2::text IS NULL OR status = $2)
        AND ($3::uuid IS NULL OR customer_id = $3)
        AND ($4::uuid IS NULL OR subscription_id = $4)
        AND ($5::timestamptz IS NULL OR created_at >= $5)
        AND ($6::timestamptz IS NULL OR created_at < $6)
        AND ($7::text IS NULL OR strpos(lower(customer_name), lower($7)) > 0
          OR strpos(lower(invoice_number), lower($7)) > 0)
      """;

  /** A slice of the tenant's invoices and how many match in all; two round trips. */
  public Future<Slice<Invoice>> slice(
      SqlConnection connection,
      UUID tenantId,
      InvoiceFilter filter,
      InvoiceOrder order,
      int limit,
      int offset) {
    return connection
        .preparedQuery(
            "SELECT " + InvoiceRows.COLUMNS + MATCHING + order.sql() + " LIMIT $8 OFFSET $9")
        .execute(matching(tenantId, filter).addInteger(limit).addInteger(offset))
        .map(rows -> InvoiceStore.mapped(rows, InvoiceRows::invoice))
        .compose(invoices -> connection
            .preparedQuery("SELECT count(*) AS total" + MATCHING)
            .execute(matching(tenantId, filter))
            .map(rows -> new Slice<>(invoices, rows.iterator().next().getLong("total"))));
  }

  private static Tuple matching(UUID tenantId, InvoiceFilter filter) {
    return Tuple.tuple()
        .addUUID(tenantId)
        .addString(word(filter.status()))
        .addUUID(filter.customerId())
        .addUUID(filter.subscriptionId())
        .addOffsetDateTime(InvoiceRows.timestampOrNull(filter.from()))
        .addOffsetDateTime(InvoiceRows.timestampOrNull(filter.to()))
        .addString(filter.search());
  }

  private static @Nullable String word(@Nullable InvoiceStatus status) {
    return status == null ? null : status.word();
  }
}
