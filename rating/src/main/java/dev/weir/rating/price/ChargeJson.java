package dev.weir.rating.price;

import dev.weir.metering.Quantity;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Writes how an amount came about, decimals as plain strings. */
public final class ChargeJson {

  private ChargeJson() {}

  /** The tier steps: tier, from (exclusive), to (inclusive, null when open), units and prices. */
  public static List<Map<String, Object>> tiers(Charge charge) {
    return charge.steps().stream().map(ChargeJson::tier).toList();
  }

  /** The adjustments: what changed the amount after the tiers, in order. */
  public static List<Map<String, Object>> adjustments(Charge charge) {
    return charge.adjustments().stream().map(ChargeJson::adjustment).toList();
  }

  /** Tier steps and adjustments in one list, whose amounts add up to the charge's. */
  public static List<Map<String, Object>> lines(Charge charge) {
    List<Map<String, Object>> lines = new ArrayList<>(tiers(charge));
    lines.addAll(adjustments(charge));
    return lines;
  }

  private static Map<String, Object> tier(TierStep step) {
    Map<String, Object> wire = new LinkedHashMap<>();
    Quantity to = step.to();
    wire.put("tier", step.tier());
    wire.put("from", step.from().toString());
    wire.put("to", to == null ? null : to.toString());
    wire.put("units", step.units().toString());
    wire.put("unitPrice", step.unitPrice().toPlainString());
    wire.put("flat", step.flat().toPlainString());
    wire.put("amount", step.amount().toPlainString());
    return wire;
  }

  private static Map<String, Object> adjustment(Adjustment adjustment) {
    Map<String, Object> wire = new LinkedHashMap<>();
    wire.put("adjustment", adjustment.kind().name().toLowerCase(Locale.ROOT));
    if (adjustment.units().signum() != 0) {
      wire.put("units", adjustment.units().toString());
    }
    wire.put("amount", adjustment.amount().toPlainString());
    return wire;
  }
}
