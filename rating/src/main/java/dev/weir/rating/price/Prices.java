package dev.weir.rating.price;

import dev.weir.metering.Quantity;
import dev.weir.metering.Refusal;
import dev.weir.rating.RatingError;
import java.math.BigDecimal;
import java.util.List;

/** Checks and steps that several models share. */
final class Prices {

  private Prices() {}

  static void notNegative(BigDecimal price, String field) {
    if (price.signum() < 0) {
      throw new Refusal(
          RatingError.PRICE_NEGATIVE, field, "'%s' must not be negative.".formatted(field));
    }
  }

  /** The charge of a model that has a single, open tier. */
  static Charge single(Quantity from, Quantity units, BigDecimal unitPrice, BigDecimal flat) {
    BigDecimal amount = units.value().multiply(unitPrice).add(flat);
    return Charge.of(List.of(new TierStep(1, from, null, units, unitPrice, flat, amount)));
  }
}
