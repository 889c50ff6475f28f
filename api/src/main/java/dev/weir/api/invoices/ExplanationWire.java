package dev.weir.api.invoices;

import dev.weir.invoicing.Invoice;
import dev.weir.invoicing.InvoiceItem;
import dev.weir.invoicing.explain.InvoiceExplanation;
import dev.weir.invoicing.explain.LineUsage;
import dev.weir.metering.Quantity;
import dev.weir.metering.usage.UsageRow;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An explanation as the wire shows it; every decimal is a string.
 *
 * <pre>{@code
 * {"invoiceId","invoiceNumber","status","currency","total","lines":[
 *   {"line","type","rateCard","description","quantity","amount","exactAmount","periodStart",
 *    "periodEnd","price":{…},"steps":[…],"adjustments":[…],"rounding","plan","meter","filter",
 *    "subjects",
 *    "usage":{"billedQuantity","currentQuantity","difference","windowsQuantity","consistent",
 *      "windowSize","page","pages","windows":[{"windowStart","windowEnd","value"}]},
 *    "usageMissing"}]}
 * }</pre>
 */
final class ExplanationWire {

  private ExplanationWire() {}

  static Map<String, Object> explanation(InvoiceExplanation explanation) {
    Invoice invoice = explanation.invoice();
    Map<String, Object> wire = new LinkedHashMap<>();
    wire.put("invoiceId", invoice.id());
    wire.put("invoiceNumber", invoice.invoiceNumber());
    wire.put("status", invoice.status().word());
    wire.put("currency", invoice.currency().getCurrencyCode());
    wire.put("total", invoice.amounts().total().toPlainString());
    wire.put("lines", explanation.lines().stream().map(ExplanationWire::line).toList());
    return wire;
  }

  private static Map<String, Object> line(InvoiceExplanation.Line line) {
    InvoiceItem item = line.item();
    Map<String, Object> wire = new LinkedHashMap<>();
    wire.put("line", item.position());
    wire.put("type", item.type().word());
    wire.put("rateCard", item.rateCardKey());
    wire.put("description", item.description());
    wire.put("quantity", item.quantity().toString());
    wire.put("amount", item.amount().toPlainString());
    wire.put("exactAmount", InvoiceWire.plain(item.exactAmount()));
    wire.put("periodStart", item.periodStart());
    wire.put("periodEnd", item.periodEnd());
    line.frozen().properties().forEach(entry -> wire.putIfAbsent(entry.getKey(), entry.getValue()));
    wire.put("usage", usage(line.usage()));
    wire.put("usageMissing", line.usageMissing());
    return wire;
  }

  private static @Nullable Map<String, Object> usage(@Nullable LineUsage usage) {
    if (usage == null) {
      return null;
    }
    Quantity windowsTotal = usage.windowsTotal();
    Map<String, Object> wire = new LinkedHashMap<>();
    wire.put("billedQuantity", usage.billed().toString());
    wire.put("currentQuantity", usage.current().toString());
    wire.put("difference", usage.difference().toString());
    wire.put("windowsQuantity", windowsTotal == null ? null : windowsTotal.toString());
    wire.put("consistent", usage.consistent());
    wire.put("windowSize", usage.windowSize().name().toLowerCase(Locale.ROOT));
    wire.put("page", usage.page());
    wire.put("pages", usage.pages());
    wire.put("windows", usage.windows().stream().map(ExplanationWire::window).toList());
    return wire;
  }

  private static Map<String, Object> window(UsageRow row) {
    Map<String, Object> wire = new LinkedHashMap<>();
    wire.put("windowStart", row.windowStart());
    wire.put("windowEnd", row.windowEnd());
    wire.put("value", row.value().toString());
    return wire;
  }
}
