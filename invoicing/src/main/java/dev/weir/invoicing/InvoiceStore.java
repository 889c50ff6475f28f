package dev.weir.invoicing;

import dev.weir.metering.Invariant;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes invoices and their items inside the caller's transaction; each call is one round
 * trip. Thread-safe.
 */
public final class InvoiceStore {

  private static final Pattern ID =
      Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

  /** Writes a draft; a second one for the same boundary fails. */
  public Future<Invoice> insert(SqlConnection connection, Invoice draft) {
    Invariant.check(draft.status() == InvoiceStatus.DRAFT, "an invoice starts as a draft");
    InvoiceAmounts amounts = draft.amounts();
    return connection
        .preparedQuery("""
            INSERT INTO invoices (tenant_id, invoice_id, status, customer_id, subscription_id,
              boundary, run_id, currency, subtotal, discount_amount, tax_amount, total_amount,
              amount_paid, amount_due, period_start, period_end, notes, customer_name, bill_to,
              created_at, status_changed_at)
            VALUES ($1, $2, 'draft', $3, $4, $5, $6, $7, $8::text::numeric, $9::text::numeric,
              $10::text::numeric, $11::text::numeric, $12::text::numeric, $13::text::numeric,
              $14, $15, $16, $17, $18::text::json, $19, $19)
            """)
        .execute(Tuple.of(
            draft.tenantId(),
            draft.id(),
            draft.billTo().customerId(),
            draft.origin().subscriptionId(),
            draft.origin().boundary(),
            draft.origin().runId(),
            draft.currency().getCurrencyCode(),
            amounts.subtotal().toPlainString(),
            amounts.discount().toPlainString(),
            amounts.tax().toPlainString(),
            amounts.total().toPlainString(),
            amounts.paid().toPlainString(),
            amounts.due().toPlainString(),
            InvoiceRows.timestamp(draft.periodStart()),
            InvoiceRows.timestamp(draft.periodEnd()),
            draft.notes(),
            draft.billTo().name(),
            BillToJson.write(draft.billTo()),
            InvoiceRows.timestamp(draft.createdAt())))
        .map(draft);
  }

  /** Writes the items of a draft, all in one statement. */
  public Future<Void> insertItems(
      SqlConnection connection, Invoice draft, List<InvoiceItem> items) {
    return connection
        .preparedQuery("""
            INSERT INTO invoice_items (tenant_id, invoice_id, position, item_id, type,
              rate_card_key, description, quantity, amount, exact_amount, period_start,
              period_end, explanation)
            SELECT $1, $2, position, item_id, type, rate_card_key, description, quantity::numeric,
              amount::numeric, exact_amount::numeric, period_start, period_end, explanation::json
            FROM unnest($3::int[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::text[],
                $9::text[], $10::text[], $11::timestamptz[], $12::timestamptz[], $13::text[])
              AS item (position, item_id, type, rate_card_key, description, quantity, amount,
                exact_amount, period_start, period_end, explanation)
            """)
        .execute(Tuple.of(
            draft.tenantId(),
            draft.id(),
            items.stream().map(InvoiceItem::position).toArray(Integer[]::new),
            items.stream().map(InvoiceItem::id).toArray(UUID[]::new),
            texts(items, item -> item.type().word()),
            texts(items, InvoiceItem::rateCardKey),
            texts(items, InvoiceItem::description),
            texts(items, item -> item.quantity().toString()),
            texts(items, item -> item.amount().toPlainString()),
            texts(items, item -> item.exactAmount().toPlainString()),
            times(items, InvoiceItem::periodStart),
            times(items, InvoiceItem::periodEnd),
            texts(items, InvoiceItem::explanation)))
        .mapEmpty();
  }

  private static @Nullable String[] texts(
      List<InvoiceItem> items, Function<InvoiceItem, @Nullable String> read) {
    return items.stream().map(read).toArray(String[]::new);
  }

  private static OffsetDateTime[] times(
      List<InvoiceItem> items, Function<InvoiceItem, Instant> read) {
    return items.stream()
        .map(item -> InvoiceRows.timestamp(read.apply(item)))
        .toArray(OffsetDateTime[]::new);
  }

  /** The tenant's invoice with this id or number; refuses with INVOICE_NOT_FOUND. */
  public Future<Invoice> find(SqlConnection connection, UUID tenantId, String idOrNumber) {
    return one(connection, tenantId, idOrNumber, "");
  }

  /** As {@link #find}, keeping others from changing the invoice until the transaction ends. */
  public Future<Invoice> lock(SqlConnection connection, UUID tenantId, String idOrNumber) {
    return one(connection, tenantId, idOrNumber, " FOR UPDATE");
  }

  private static Future<Invoice> one(
      SqlConnection connection, UUID tenantId, String idOrNumber, String lock) {
    boolean isId = ID.matcher(idOrNumber).matches();
    return connection
        .preparedQuery("SELECT " + InvoiceRows.COLUMNS + " FROM invoices WHERE tenant_id = $1 AND "
            + (isId ? "invoice_id" : "invoice_number") + " = $2" + lock)
        .execute(Tuple.of(tenantId, isId ? UUID.fromString(idOrNumber) : idOrNumber))
        .map(rows -> {
          if (!rows.iterator().hasNext()) {
            throw Invoice.notFound(idOrNumber);
          }
          return InvoiceRows.invoice(rows.iterator().next());
        });
  }

  /**
   * No invoice that may still change bills a period that begins before; MAX when there is none. As the
   * engine, over all tenants.
   */
  public Future<Instant> draftsFrom(SqlConnection connection) {
    return connection
        .query("SELECT min(period_start) FROM invoices WHERE status = 'draft'")
        .execute()
        .map(rows -> {
          OffsetDateTime from = rows.iterator().next().getOffsetDateTime(0);
          return from == null ? Instant.MAX : from.toInstant();
        });
  }

  /** The items of an invoice in order. */
  public Future<List<InvoiceItem>> items(SqlConnection connection, Invoice invoice) {
    return connection
        .preparedQuery("SELECT " + InvoiceRows.ITEM_COLUMNS + """
             FROM invoice_items WHERE tenant_id = $1 AND invoice_id = $2 ORDER BY position
            """)
        .execute(Tuple.of(invoice.tenantId(), invoice.id()))
        .map(rows -> mapped(rows, InvoiceRows::item));
  }

  /**
   * Writes what a transition changed, provided the row still has the status the transition started
   * from.
   */
  public Future<Invoice> change(SqlConnection connection, InvoiceStatus from, Invoice changed) {
    Invoice.Issue issue = changed.issue();
    if (issue == null) {
      throw new IllegalStateException("invoice " + changed.id() + " cannot become a draft");
    }
    return connection
        .preparedQuery("""
            UPDATE invoices SET status = $4, status_reason = $5, status_changed_at = $6,
              amount_paid = $7::text::numeric, amount_due = $8::text::numeric,
              invoice_number = $9, issue_date = $10, due_date = $11, finalized_at = $12
            WHERE tenant_id = $1 AND invoice_id = $2 AND status = $3
            """)
        .execute(Tuple.of(
            changed.tenantId(),
            changed.id(),
            from.word(),
            changed.status().word(),
            changed.standing().reason(),
            InvoiceRows.timestamp(changed.standing().since()),
            changed.amounts().paid().toPlainString(),
            changed.amounts().due().toPlainString(),
            issue.number(),
            InvoiceRows.timestamp(issue.issueDate()),
            InvoiceRows.timestamp(issue.dueDate()),
            InvoiceRows.timestamp(issue.finalizedAt())))
        .map(rows -> {
          Invariant.check(rows.rowCount() == 1, "a locked invoice changes once");
          return changed;
        });
  }

  static <T> List<T> mapped(RowSet<Row> rows, Function<Row, T> read) {
    List<T> items = new ArrayList<>(rows.size());
    for (Row row : rows) {
      items.add(read.apply(row));
    }
    return items;
  }
}
