package dev.weir.gateway.demo.workload;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A price, stated twice: as the JSON the server is given, and as the arithmetic that a customer with
 * a pocket calculator would do. Amounts are exact; the line is rounded by {@link #billed}.
 */
public sealed interface Tariff {

  int USD_DECIMALS = 2;

  /** The price as the wire wants it. */
  Map<String, Object> json();

  /** The unrounded amount for a quantity of zero or more. */
  BigDecimal amount(BigDecimal quantity);

  /** The amount of an invoice line in US dollars: half a cent goes up. */
  default BigDecimal billed(BigDecimal quantity) {
    return amount(quantity).setScale(USD_DECIMALS, RoundingMode.HALF_UP);
  }

  /** A price tier; {@code upTo} is inclusive, null in the last tier. */
  record Tier(@Nullable BigDecimal upTo, BigDecimal unitPrice, BigDecimal flat) {

    public static Tier upTo(String upTo, String unitPrice, String flat) {
      return new Tier(new BigDecimal(upTo), new BigDecimal(unitPrice), new BigDecimal(flat));
    }

    public static Tier beyond(String unitPrice, String flat) {
      return new Tier(null, new BigDecimal(unitPrice), new BigDecimal(flat));
    }

    boolean reaches(BigDecimal quantity) {
      return upTo == null || quantity.compareTo(upTo) <= 0;
    }

    private Map<String, Object> json() {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("upTo", upTo == null ? null : upTo.toPlainString());
      json.put("unitPrice", unitPrice.toPlainString());
      json.put("flat", flat.toPlainString());
      return json;
    }
  }

  /** The same price for every unit. */
  record PerUnit(BigDecimal unitPrice) implements Tariff {

    @Override
    public Map<String, Object> json() {
      return Map.of("model", "per_unit", "unitPrice", unitPrice.toPlainString());
    }

    @Override
    public BigDecimal amount(BigDecimal quantity) {
      return quantity.multiply(unitPrice);
    }
  }

  /** Each unit at the price of the tier it falls into; a tier's flat fee once it is entered. */
  record Graduated(List<Tier> tiers) implements Tariff {

    public Graduated {
      tiers = List.copyOf(tiers);
    }

    @Override
    public Map<String, Object> json() {
      return tiered("graduated", tiers);
    }

    @Override
    public BigDecimal amount(BigDecimal quantity) {
      BigDecimal amount = BigDecimal.ZERO;
      BigDecimal below = BigDecimal.ZERO;
      for (Tier tier : tiers) {
        if (quantity.compareTo(below) <= 0) {
          break;
        }
        BigDecimal top = tier.upTo() == null ? quantity : quantity.min(tier.upTo());
        amount = amount.add(top.subtract(below).multiply(tier.unitPrice())).add(tier.flat());
        below = top;
      }
      return amount;
    }
  }

  /** All units at the price of the one tier that the whole quantity falls into. */
  record Volume(List<Tier> tiers) implements Tariff {

    public Volume {
      tiers = List.copyOf(tiers);
    }

    @Override
    public Map<String, Object> json() {
      return tiered("volume", tiers);
    }

    @Override
    public BigDecimal amount(BigDecimal quantity) {
      for (Tier tier : tiers) {
        if (tier.reaches(quantity)) {
          return quantity.multiply(tier.unitPrice()).add(tier.flat());
        }
      }
      throw new IllegalStateException("the last tier must have no bound: " + tiers);
    }
  }

  /** Whole packages; a started one counts. */
  record Packages(long size, BigDecimal price) implements Tariff {

    @Override
    public Map<String, Object> json() {
      return Map.of(
          "model", "package", "size", Long.toString(size), "price", price.toPlainString());
    }

    @Override
    public BigDecimal amount(BigDecimal quantity) {
      return quantity.divide(BigDecimal.valueOf(size), 0, RoundingMode.CEILING).multiply(price);
    }
  }

  private static Map<String, Object> tiered(String model, List<Tier> tiers) {
    List<Object> wire = new ArrayList<>();
    tiers.forEach(tier -> wire.add(tier.json()));
    return Map.of("model", model, "tiers", wire);
  }
}
