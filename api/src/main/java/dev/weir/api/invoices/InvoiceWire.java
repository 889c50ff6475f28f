package dev.weir.api.invoices;

import dev.weir.invoicing.BillTo;
import dev.weir.invoicing.Invoice;
import dev.weir.invoicing.InvoiceAmounts;
import dev.weir.invoicing.InvoiceItem;
import dev.weir.metering.json.Json;
import dev.weir.rating.catalog.Address;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Invoices and items as the wire shows them. */
final class InvoiceWire {

  private InvoiceWire() {}

  static Map<String, Object> invoice(Invoice invoice) {
    InvoiceAmounts amounts = invoice.amounts();
    Invoice.Issue issue = invoice.issue();
    Map<String, Object> wire = new LinkedHashMap<>();
    wire.put("id", invoice.id());
    wire.put("tenantId", invoice.tenantId());
    wire.put("invoiceNumber", invoice.invoiceNumber());
    wire.put("status", invoice.status().word());
    wire.put("statusReason", invoice.standing().reason());
    wire.put("customerId", invoice.billTo().customerId());
    wire.put("customerName", invoice.billTo().name());
    wire.put("subscriptionId", invoice.origin().subscriptionId());
    wire.put("currency", invoice.currency().getCurrencyCode());
    wire.put("subtotal", amounts.subtotal());
    wire.put("discountAmount", amounts.discount());
    wire.put("taxAmount", amounts.tax());
    wire.put("totalAmount", amounts.total());
    wire.put("amountPaid", amounts.paid());
    wire.put("amountDue", amounts.due());
    wire.put("periodStart", invoice.periodStart());
    wire.put("periodEnd", invoice.periodEnd());
    wire.put("issueDate", issue == null ? null : issue.issueDate());
    wire.put("dueDate", issue == null ? null : issue.dueDate());
    wire.put("notes", invoice.notes());
    wire.put("billTo", billTo(invoice.billTo()));
    wire.put("createdAt", invoice.createdAt());
    wire.put("updatedAt", invoice.standing().since());
    wire.put("finalizedAt", issue == null ? null : issue.finalizedAt());
    return wire;
  }

  private static Map<String, Object> billTo(BillTo billTo) {
    Map<String, Object> wire = new LinkedHashMap<>();
    wire.put("key", billTo.key());
    wire.put("name", billTo.name());
    wire.put("email", billTo.email());
    wire.put("taxId", billTo.taxId());
    wire.put("address", address(billTo.address()));
    return wire;
  }

  private static @Nullable Map<String, Object> address(@Nullable Address address) {
    if (address == null) {
      return null;
    }
    Map<String, Object> wire = new LinkedHashMap<>();
    wire.put("line1", address.line1());
    wire.put("line2", address.line2());
    wire.put("postalCode", address.postalCode());
    wire.put("city", address.city());
    wire.put("state", address.state());
    wire.put("country", address.country());
    return wire;
  }

  static Map<String, Object> item(InvoiceItem item) {
    Map<String, Object> wire = new LinkedHashMap<>();
    wire.put("id", item.id());
    wire.put("position", item.position());
    wire.put("type", item.type().word());
    wire.put("rateCard", item.rateCardKey());
    wire.put("description", item.description());
    wire.put("quantity", item.quantity().toString());
    wire.put("amount", item.amount());
    wire.put("exactAmount", plain(item.exactAmount()));
    wire.put("periodStart", item.periodStart());
    wire.put("periodEnd", item.periodEnd());
    wire.put("explanation", Json.parseOwn(item.explanation()));
    return wire;
  }

  static String plain(BigDecimal value) {
    return value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString();
  }
}
