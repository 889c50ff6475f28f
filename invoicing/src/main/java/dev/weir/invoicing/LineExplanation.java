package dev.weir.invoicing;

import dev.weir.metering.json.Json;
import dev.weir.rating.bill.BillLine;
import dev.weir.rating.catalog.Customer;
import dev.weir.rating.catalog.MeterRef;
import dev.weir.rating.catalog.Plan;
import dev.weir.rating.catalog.RateCard;
import dev.weir.rating.price.Adjustment;
import dev.weir.rating.price.PriceJson;
import dev.weir.rating.price.TierStep;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Writes down how a line's amount came about, so that it can be told years later whatever became of
 * plan, meter and customer:
 *
 * <pre>{@code
 * {"rateCard","plan":{"id","key","version"},"price":{…},"quantity",
 *  "steps":[{"tier","from","to","units","unitPrice","flat","amount"}],
 *  "adjustments":[{"kind","units","amount"}],
 *  "exactAmount","amount","currency","rounding":{"mode","scale"},
 *  "meter":{"id","key"},"filter":{dimension:[values]},"subjects":[…]}
 * }</pre>
 *
 * The last three are there for usage only. Decimals are strings, in plain digits.
 */
final class LineExplanation {

  private LineExplanation() {}

  static String of(BillLine line, Plan plan, Customer customer) {
    Map<String, Object> wire = new LinkedHashMap<>();
    RateCard card = line.card();
    wire.put("rateCard", card.key());
    wire.put("plan", plan(plan));
    wire.put("price", PriceJson.write(card.price()));
    wire.put("quantity", line.quantity().toString());
    wire.put("steps", line.charge().steps().stream().map(LineExplanation::step).toList());
    wire.put(
        "adjustments",
        line.charge().adjustments().stream().map(LineExplanation::adjustment).toList());
    wire.put("exactAmount", plain(line.amount()));
    wire.put("amount", line.roundedAmount().amount().toPlainString());
    wire.put("currency", plan.currency().getCurrencyCode());
    wire.put("rounding", rounding(plan));
    if (card.meter() != null) {
      wire.put("meter", meter(card.meter()));
      wire.put("filter", sorted(card));
      wire.put("subjects", customer.subjects());
    }
    return Json.text(wire);
  }

  private static Map<String, Object> plan(Plan plan) {
    Map<String, Object> wire = new LinkedHashMap<>();
    wire.put("id", plan.id());
    wire.put("key", plan.key());
    wire.put("version", plan.version());
    return wire;
  }

  private static Map<String, Object> step(TierStep step) {
    Map<String, Object> wire = new LinkedHashMap<>();
    wire.put("tier", step.tier());
    wire.put("from", step.from().toString());
    wire.put("to", step.to() == null ? null : step.to().toString());
    wire.put("units", step.units().toString());
    wire.put("unitPrice", plain(step.unitPrice()));
    wire.put("flat", plain(step.flat()));
    wire.put("amount", plain(step.amount()));
    return wire;
  }

  private static Map<String, Object> adjustment(Adjustment adjustment) {
    Map<String, Object> wire = new LinkedHashMap<>();
    wire.put("kind", adjustment.kind().name().toLowerCase(Locale.ROOT));
    wire.put("units", adjustment.units().toString());
    wire.put("amount", plain(adjustment.amount()));
    return wire;
  }

  private static Map<String, Object> rounding(Plan plan) {
    Map<String, Object> wire = new LinkedHashMap<>();
    wire.put("mode", "half_up");
    wire.put("scale", plan.currency().getDefaultFractionDigits());
    return wire;
  }

  private static Map<String, Object> meter(MeterRef meter) {
    Map<String, Object> wire = new LinkedHashMap<>();
    wire.put("id", meter.id());
    wire.put("key", meter.key());
    return wire;
  }

  private static Map<String, Object> sorted(RateCard card) {
    Map<String, Object> wire = new TreeMap<>();
    card.filter().forEach((dimension, values) -> wire.put(dimension, new TreeSet<>(values)));
    return wire;
  }

  private static String plain(BigDecimal value) {
    return value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString();
  }
}
