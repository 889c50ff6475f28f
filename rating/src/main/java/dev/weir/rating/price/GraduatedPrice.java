package dev.weir.rating.price;

import dev.weir.metering.Quantity;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/**
 * Each unit is priced by the tier it falls into; the flat fee of every tier reached is added. A tier
 * is reached by usage beyond the bound of the one before.
 */
public record GraduatedPrice(List<Tier> tiers, PriceModifiers modifiers) implements Price {

  public GraduatedPrice {
    tiers = Tiers.checked(tiers);
  }

  @Override
  public PriceModel model() {
    return PriceModel.GRADUATED;
  }

  @Override
  public Charge rateModel(Quantity quantity) {
    if (quantity.signum() == 0) {
      return Tiers.atZero(tiers, modifiers);
    }
    List<TierStep> steps = new ArrayList<>();
    for (int i = 0; i < tiers.size(); i++) {
      BigDecimal below = Tiers.lowerBound(tiers, i);
      if (quantity.value().compareTo(below) <= 0) {
        break;
      }
      BigDecimal upTo = tiers.get(i).upTo();
      BigDecimal reached = upTo == null ? quantity.value() : quantity.value().min(upTo);
      steps.add(Tiers.step(tiers, i, new Quantity(reached.subtract(below))));
    }
    return Charge.of(steps);
  }
}
