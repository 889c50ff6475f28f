package dev.weir.invoicing.explain;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.invoicing.Invoice;
import dev.weir.invoicing.InvoiceItem;
import dev.weir.metering.usage.UsageRow;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Tells an explanation to a human, one line of text per line of the invoice and per window. Pure. */
public final class ExplanationText {

  private final int scale;
  private final StringBuilder text = new StringBuilder();

  private ExplanationText(int scale) {
    this.scale = scale;
  }

  /** The whole explanation as plain text, ending in a line break. */
  public static String of(InvoiceExplanation explanation) {
    Invoice invoice = explanation.invoice();
    ExplanationText telling = new ExplanationText(invoice.currency().getDefaultFractionDigits());
    telling.line("Invoice %s (%s), %s", invoice.title(), invoice.status().word(), name(invoice));
    telling.line("%s to %s", invoice.periodStart(), invoice.periodEnd());
    explanation.lines().forEach(line -> telling.tell(line, invoice));
    telling.line(
        "Total %s %s", grouped(invoice.amounts().total()), invoice.currency().getCurrencyCode());
    return telling.text.toString();
  }

  private static String name(Invoice invoice) {
    return invoice.billTo().name();
  }

  private void line(String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values)).append('\n');
  }

  private void tell(InvoiceExplanation.Line line, Invoice invoice) {
    InvoiceItem item = line.item();
    line(
        "%d. %s: %s %s: %s = %s %s",
        item.position(),
        item.description(),
        grouped(item.quantity().value()),
        item.quantity().value().compareTo(BigDecimal.ONE) == 0 ? "unit" : "units",
        parts(line.frozen()),
        grouped(item.amount()),
        invoice.currency().getCurrencyCode());
    LineUsage usage = line.usage();
    if (usage != null) {
      tell(usage, line.frozen());
    }
    if (line.usageMissing() != null) {
      line("   no usage to show: %s", line.usageMissing());
    }
  }

  private String parts(JsonNode frozen) {
    List<String> parts = new ArrayList<>();
    frozen.path("steps").forEach(step -> parts.add(step(step)));
    frozen.path("adjustments").forEach(adjustment -> parts.add(adjustment(adjustment)));
    return parts.isEmpty() ? "nothing to price" : String.join("; ", parts);
  }

  private String step(JsonNode step) {
    BigDecimal unitPrice = decimal(step, "unitPrice");
    BigDecimal flat = decimal(step, "flat");
    String units = grouped(decimal(step, "units")) + " × " + plain(unitPrice);
    String sum = unitPrice.signum() == 0 && flat.signum() != 0
        ? "flat " + money(flat)
        : flat.signum() == 0 ? units : units + " + flat " + money(flat);
    return sum.startsWith("flat ") ? sum : sum + " = " + money(decimal(step, "amount"));
  }

  private String adjustment(JsonNode adjustment) {
    String kind = adjustment.path("kind").asText().replace('_', ' ');
    BigDecimal units = decimal(adjustment, "units");
    return units.signum() != 0
        ? kind + " of " + grouped(units) + " units"
        : kind + " " + money(decimal(adjustment, "amount"));
  }

  private void tell(LineUsage usage, JsonNode frozen) {
    line(
        "   meter %s%s, subjects %s: billed %s, now %s, difference %s%s",
        frozen.path("meter").path("key").asText(),
        filter(frozen.path("filter")),
        texts(frozen.path("subjects")),
        grouped(usage.billed().value()),
        grouped(usage.current().value()),
        grouped(usage.difference().value()),
        usage.consistent() ? "" : " (windows do not add up)");
    line(
        "   %s windows, page %d of %d:",
        usage.windowSize().name().toLowerCase(Locale.ROOT), usage.page(), usage.pages());
    for (UsageRow window : usage.windows()) {
      line("   %s  %s", window.windowStart(), grouped(window.value().value()));
    }
  }

  private static String filter(JsonNode filter) {
    List<String> parts = new ArrayList<>();
    filter
        .properties()
        .forEach(entry -> parts.add(entry.getKey() + " = " + texts(entry.getValue())));
    return parts.isEmpty() ? "" : " [" + String.join(", ", parts) + "]";
  }

  private static String texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(text -> texts.add(text.asText()));
    return texts.isEmpty() ? "none" : String.join(" or ", texts);
  }

  private static BigDecimal decimal(JsonNode object, String name) {
    return new BigDecimal(object.path(name).asText());
  }

  /** At least the currency's decimals, more when the exact amount has them. */
  private String money(BigDecimal amount) {
    BigDecimal shortest = amount.stripTrailingZeros();
    return grouped(shortest.setScale(Math.max(scale, shortest.scale())));
  }

  private static String plain(BigDecimal value) {
    return value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString();
  }

  /** Plain digits, in groups of three before the point whatever the locale. */
  static String grouped(BigDecimal value) {
    String plain = value.toPlainString();
    int start = value.signum() < 0 ? 1 : 0;
    int point = plain.indexOf('.');
    StringBuilder grouped = new StringBuilder(plain);
    for (int at = (point < 0 ? plain.length() : point) - 3; at > start; at -= 3) {
      grouped.insert(at, ',');
    }
    return grouped.toString();
  }
}
