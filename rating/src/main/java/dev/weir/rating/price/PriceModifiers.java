package dev.weir.rating.price;

import dev.weir.metering.Quantity;
import dev.weir.metering.Refusal;
import dev.weir.rating.RatingError;
import dev.weir.rating.Rounding;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What may stand beside any price model. All are optional; see the package for their order.
 *
 * @param usageDiscountUnits units that are free of charge, taken off before the model
 * @param discountPercent from 0 to 100, off the model's amount
 * @param maximumSpend the most that is charged in a period
 * @param minimumSpend the least that is charged in a period, usage or not
 * @param rounding applied last; without it the amount stays exact
 * @param zeroUsageBillsFirstFlat whether the first tier's flat fee is due without usage
 */
public record PriceModifiers(
    @Nullable BigDecimal usageDiscountUnits,
    @Nullable BigDecimal discountPercent,
    @Nullable BigDecimal maximumSpend,
    @Nullable BigDecimal minimumSpend,
    @Nullable Rounding rounding,
    boolean zeroUsageBillsFirstFlat) {

  public static final PriceModifiers NONE = new PriceModifiers(null, null, null, null, null, true);

  private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

  public PriceModifiers {
    notNegative(usageDiscountUnits, "usageDiscountUnits");
    notNegative(discountPercent, "discountPercent");
    notNegative(maximumSpend, "maximumSpend");
    notNegative(minimumSpend, "minimumSpend");
    if (discountPercent != null && discountPercent.compareTo(HUNDRED) > 0) {
      throw invalid("discountPercent", "must be at most 100.");
    }
    if (maximumSpend != null && minimumSpend != null && minimumSpend.compareTo(maximumSpend) > 0) {
      throw invalid("minimumSpend", "must not be more than 'maximumSpend'.");
    }
  }

  private static void notNegative(@Nullable BigDecimal value, String field) {
    if (value != null && value.signum() < 0) {
      throw invalid(field, "must not be negative.");
    }
  }

  private static Refusal invalid(String field, String fix) {
    return new Refusal(RatingError.PRICE_MODIFIER_INVALID, field, "'%s' %s".formatted(field, fix));
  }

  /** The price's charge for a quantity of zero or more, with these modifiers. */
  Charge rate(Price price, Quantity quantity) {
    List<Adjustment> adjustments = new ArrayList<>();
    Charge plain = price.rateModel(afterUsageDiscount(quantity, adjustments));
    BigDecimal amount = plain.amount();
    amount = step(Adjustment.Kind.DISCOUNT, amount, discounted(amount), adjustments);
    amount = step(Adjustment.Kind.MAXIMUM_SPEND, amount, capped(amount), adjustments);
    amount = step(Adjustment.Kind.MINIMUM_SPEND, amount, raised(amount), adjustments);
    BigDecimal rounded = rounding == null ? amount : rounding.apply(amount);
    amount = step(Adjustment.Kind.ROUNDING, amount, rounded, adjustments);
    return new Charge(amount, plain.steps(), adjustments);
  }

  private Quantity afterUsageDiscount(Quantity quantity, List<Adjustment> adjustments) {
    if (usageDiscountUnits == null) {
      return quantity;
    }
    Quantity off = new Quantity(usageDiscountUnits.min(quantity.value()));
    if (off.signum() > 0) {
      adjustments.add(new Adjustment(Adjustment.Kind.USAGE_DISCOUNT, off, BigDecimal.ZERO));
    }
    return quantity.minus(off);
  }

  private BigDecimal discounted(BigDecimal amount) {
    return discountPercent == null
        ? amount
        : amount.subtract(amount.multiply(discountPercent).movePointLeft(2));
  }

  private BigDecimal capped(BigDecimal amount) {
    return maximumSpend == null ? amount : amount.min(maximumSpend);
  }

  private BigDecimal raised(BigDecimal amount) {
    return minimumSpend == null ? amount : amount.max(minimumSpend);
  }

  private static BigDecimal step(
      Adjustment.Kind kind, BigDecimal before, BigDecimal after, List<Adjustment> adjustments) {
    if (before.compareTo(after) != 0) {
      adjustments.add(Adjustment.ofAmount(kind, after.subtract(before)));
    }
    return after;
  }
}
