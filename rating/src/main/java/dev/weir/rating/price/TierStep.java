package dev.weir.rating.price;

import dev.weir.metering.Invariant;
import dev.weir.metering.Quantity;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * One step of a charge: {@code amount = units × unitPrice + flat}, exactly.
 *
 * @param tier from 1; a model without tiers has the single tier 1
 * @param from where the tier starts, exclusive
 * @param to where the tier ends, inclusive; null for the open tier
 * @param units what this step prices: units of usage, or packages
 */
public record TierStep(
    int tier,
    Quantity from,
    @Nullable Quantity to,
    Quantity units,
    BigDecimal unitPrice,
    BigDecimal flat,
    BigDecimal amount) {

  public TierStep {
    Invariant.check(
        units.value().multiply(unitPrice).add(flat).compareTo(amount) == 0,
        "a tier step is units × unit price + flat");
  }
}
