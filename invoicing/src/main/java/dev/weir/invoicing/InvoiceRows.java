package dev.weir.invoicing;

import dev.weir.metering.Quantity;
import io.vertx.sqlclient.Row;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Currency;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Rows to invoices and items; numerics travel as text, which is exact. */
final class InvoiceRows {

  static final String COLUMNS = """
      invoice_id, tenant_id, invoice_number, status, customer_id, subscription_id, boundary,
      run_id, currency, subtotal::text AS subtotal, discount_amount::text AS discount_amount,
      tax_amount::text AS tax_amount, total_amount::text AS total_amount,
      amount_paid::text AS amount_paid, amount_due::text AS amount_due, period_start, period_end,
      issue_date, due_date, notes, bill_to::text AS bill_to, created_at, finalized_at,
      status_reason, status_changed_at
      """;

  static final String ITEM_COLUMNS = """
      item_id, position, type, rate_card_key, description, quantity::text AS quantity,
      amount::text AS amount, exact_amount::text AS exact_amount, period_start, period_end,
      explanation::text AS explanation
      """;

  private InvoiceRows() {}

  static Invoice invoice(Row row) {
    return new Invoice(
        row.getUUID("invoice_id"),
        row.getUUID("tenant_id"),
        new Invoice.Standing(
            InvoiceStatus.of(row.getString("status")),
            row.getString("status_reason"),
            instant(row, "status_changed_at")),
        issue(row),
        BillToJson.read(row.getUUID("customer_id"), row.getString("bill_to")),
        new Invoice.Origin(
            row.getUUID("subscription_id"), row.getInteger("boundary"), row.getUUID("run_id")),
        amounts(row),
        instant(row, "period_start"),
        instant(row, "period_end"),
        row.getString("notes"),
        instant(row, "created_at"));
  }

  private static Invoice.@Nullable Issue issue(Row row) {
    String number = row.getString("invoice_number");
    return number == null
        ? null
        : new Invoice.Issue(
            number,
            instant(row, "issue_date"),
            instant(row, "due_date"),
            instant(row, "finalized_at"));
  }

  private static InvoiceAmounts amounts(Row row) {
    Currency currency = Currency.getInstance(row.getString("currency"));
    return new InvoiceAmounts(
        currency,
        money(row, "subtotal", currency),
        money(row, "discount_amount", currency),
        money(row, "tax_amount", currency),
        money(row, "total_amount", currency),
        money(row, "amount_paid", currency),
        money(row, "amount_due", currency));
  }

  /** Never rounds: fails if the row has more decimals than the currency. */
  private static BigDecimal money(Row row, String column, Currency currency) {
    return new BigDecimal(row.getString(column)).setScale(currency.getDefaultFractionDigits());
  }

  static InvoiceItem item(Row row) {
    UUID id = row.getUUID("item_id");
    return new InvoiceItem(
        id,
        row.getInteger("position"),
        ItemType.of(row.getString("type")),
        row.getString("rate_card_key"),
        row.getString("description"),
        Quantity.of(row.getString("quantity")),
        new BigDecimal(row.getString("amount")),
        new BigDecimal(row.getString("exact_amount")),
        instant(row, "period_start"),
        instant(row, "period_end"),
        row.getString("explanation"));
  }

  static Instant instant(Row row, String column) {
    return row.getOffsetDateTime(column).toInstant();
  }

  static OffsetDateTime timestamp(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }

  static @Nullable OffsetDateTime timestampOrNull(@Nullable Instant instant) {
    return instant == null ? null : timestamp(instant);
  }
}
