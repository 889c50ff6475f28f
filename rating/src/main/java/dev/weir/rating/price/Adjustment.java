package dev.weir.rating.price;

import dev.weir.metering.Quantity;
import java.math.BigDecimal;

/**
 * What a modifier did to a charge.
 *
 * @param units the units taken off by a usage discount; zero for the others
 * @param amount the signed change of the amount; zero for a usage discount
 */
public record Adjustment(Kind kind, Quantity units, BigDecimal amount) {

  /** In the order in which they apply. */
  public enum Kind {
    USAGE_DISCOUNT,
    DISCOUNT,
    MAXIMUM_SPEND,
    MINIMUM_SPEND,
    ROUNDING
  }

  static Adjustment ofAmount(Kind kind, BigDecimal amount) {
    return new Adjustment(kind, Quantity.ZERO, amount);
  }
}
