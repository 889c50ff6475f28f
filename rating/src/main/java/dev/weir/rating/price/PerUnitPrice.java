package dev.weir.rating.price;

import dev.weir.metering.Quantity;
import java.math.BigDecimal;

/** Every unit costs the same. */
public record PerUnitPrice(BigDecimal unitPrice, PriceModifiers modifiers) implements Price {

  public PerUnitPrice {
    Prices.notNegative(unitPrice, "unitPrice");
  }

  @Override
  public PriceModel model() {
    return PriceModel.PER_UNIT;
  }

  @Override
  public Charge rateModel(Quantity quantity) {
    return quantity.signum() == 0
        ? Charge.NOTHING
        : Prices.single(Quantity.ZERO, quantity, unitPrice, BigDecimal.ZERO);
  }
}
