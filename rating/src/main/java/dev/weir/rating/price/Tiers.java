package dev.weir.rating.price;

import dev.weir.metering.Quantity;
import dev.weir.metering.Refusal;
import dev.weir.rating.RatingError;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rules and arithmetic that graduated and volume prices share. */
final class Tiers {

  static final int TIERS_MAX = 100;

  private Tiers() {}

  /** Refuses tiers that are missing, negative, not strictly increasing, or not open at the end. */
  static List<Tier> checked(List<Tier> tiers) {
    if (tiers.isEmpty() || tiers.size() > TIERS_MAX) {
      throw new Refusal(
          RatingError.PRICE_TIERS_MISSING,
          "tiers",
          "'tiers' must have from 1 to %d tiers, the last with \"upTo\": null."
              .formatted(TIERS_MAX));
    }
    BigDecimal below = BigDecimal.ZERO;
    for (int i = 0; i < tiers.size(); i++) {
      below = checked(tiers.get(i), i, below, i == tiers.size() - 1);
    }
    return List.copyOf(tiers);
  }

  private static BigDecimal checked(Tier tier, int index, BigDecimal below, boolean last) {
    String field = "tiers[" + index + "]";
    Prices.notNegative(tier.unitPrice(), field + ".unitPrice");
    Prices.notNegative(tier.flat(), field + ".flat");
    BigDecimal upTo = tier.upTo();
    if (upTo == null && !last) {
      throw new Refusal(
          RatingError.PRICE_TIER_NOT_LAST_OPEN,
          field + ".upTo",
          "'%s.upTo' is null but more tiers follow; only the last tier is open.".formatted(field));
    }
    if (upTo != null && last) {
      throw new Refusal(
          RatingError.PRICE_LAST_TIER_NOT_OPEN,
          field + ".upTo",
          "'%s.upTo' must be null: the last tier is open, so that every quantity has a price."
              .formatted(field));
    }
    if (upTo != null && upTo.compareTo(below) <= 0) {
      throw new Refusal(
          RatingError.PRICE_TIERS_NOT_INCREASING,
          field + ".upTo",
          "'%s.upTo' must be more than %s, where the tier before it ends; tiers must not overlap."
              .formatted(field, below.toPlainString()));
    }
    return upTo == null ? below : upTo;
  }

  /** The charge without usage: the first tier's flat fee, if it is due. */
  static Charge atZero(List<Tier> tiers, PriceModifiers modifiers) {
    return modifiers.zeroUsageBillsFirstFlat() && tiers.get(0).flat().signum() > 0
        ? Charge.of(List.of(step(tiers, 0, Quantity.ZERO)))
        : Charge.NOTHING;
  }

  /** The step that prices some units in the tier at this index. */
  static TierStep step(List<Tier> tiers, int index, Quantity units) {
    Tier tier = tiers.get(index);
    return new TierStep(
        index + 1,
        new Quantity(lowerBound(tiers, index)),
        upperBound(tier),
        units,
        tier.unitPrice(),
        tier.flat(),
        units.value().multiply(tier.unitPrice()).add(tier.flat()));
  }

  /** Where the tier at this index starts, exclusive. */
  static BigDecimal lowerBound(List<Tier> tiers, int index) {
    BigDecimal below = index == 0 ? null : tiers.get(index - 1).upTo();
    return below == null ? BigDecimal.ZERO : below;
  }

  private static @Nullable Quantity upperBound(Tier tier) {
    BigDecimal upTo = tier.upTo();
    return upTo == null ? null : new Quantity(upTo);
  }
}
