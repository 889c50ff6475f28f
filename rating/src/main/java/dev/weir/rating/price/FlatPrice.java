package dev.weir.rating.price;

import dev.weir.metering.Quantity;
import java.math.BigDecimal;

/**
 * A fixed amount per period, whatever the quantity; at zero usage it is due unless {@code
 * zeroUsageBillsFirstFlat} is false.
 */
public record FlatPrice(BigDecimal amount, PriceModifiers modifiers) implements Price {

  public FlatPrice {
    Prices.notNegative(amount, "amount");
  }

  @Override
  public PriceModel model() {
    return PriceModel.FLAT;
  }

  @Override
  public Charge rateModel(Quantity quantity) {
    if (quantity.signum() == 0 && !modifiers.zeroUsageBillsFirstFlat()) {
      return Charge.NOTHING;
    }
    return Prices.single(Quantity.ZERO, quantity, BigDecimal.ZERO, amount);
  }
}
