package dev.weir.gateway.demo.check;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.gateway.terminal.CommandFailure;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** An invoice as the server shows it. */
public record BilledInvoice(
    String id,
    String number,
    String status,
    String customerId,
    String customerName,
    String periodStart,
    String periodEnd,
    BigDecimal subtotal,
    BigDecimal total,
    List<Line> lines) {

  public BilledInvoice {
    lines = List.copyOf(lines);
  }

  /** An item; {@code rateCard} is the item's type when it belongs to no rate card. */
  public record Line(String rateCard, @Nullable BigDecimal quantity, BigDecimal amount) {

    private Line plus(Line other) {
      BigDecimal sum = quantity == null
          ? other.quantity
          : other.quantity == null ? quantity : quantity.add(other.quantity);
      return new Line(rateCard, sum, amount.add(other.amount));
    }
  }

  /** @param customerName what to call the customer in the report */
  static BilledInvoice of(JsonNode invoice, Iterable<JsonNode> items, String customerName) {
    List<Line> lines = new ArrayList<>();
    for (JsonNode item : items) {
      String rateCard = item.hasNonNull("rateCard")
          ? item.path("rateCard").asText()
          : item.path("type").asText();
      lines.add(new Line(
          rateCard,
          item.hasNonNull("quantity") ? decimal(item, "quantity") : null,
          decimal(item, "amount")));
    }
    return new BilledInvoice(
        invoice.path("id").asText(),
        invoice.path("invoiceNumber").asText(""),
        invoice.path("status").asText(),
        invoice.path("customerId").asText(),
        customerName,
        invoice.path("periodStart").asText(),
        invoice.path("periodEnd").asText(),
        decimal(invoice, "subtotal"),
        decimal(invoice, "totalAmount"),
        lines);
  }

  /** A decimal given as a number or as text; fails when it is neither. */
  static BigDecimal decimal(JsonNode object, String name) {
    JsonNode node = object.path(name);
    try {
      return node.isNumber() ? node.decimalValue() : new BigDecimal(node.asText());
    } catch (NumberFormatException e) {
      throw new CommandFailure("'" + name + "' is no decimal in the answer " + object);
    }
  }

  /** The lines by rate card, those of the same card added up. */
  Map<String, Line> linesByCard() {
    Map<String, Line> byCard = new TreeMap<>();
    lines.forEach(line -> byCard.merge(line.rateCard(), line, Line::plus));
    return byCard;
  }

  BigDecimal sumOfLines() {
    return lines.stream().map(Line::amount).reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  /** Whether it bills nothing at all. */
  boolean isNothing() {
    return total.signum() == 0
        && lines.stream()
            .allMatch(line -> line.amount().signum() == 0
                && (line.quantity() == null || line.quantity().signum() == 0));
  }
}
