package dev.weir.rating.price;

import dev.weir.metering.Quantity;
import java.math.BigDecimal;
import java.util.List;

/** All units are priced by the one tier that the whole quantity falls into, plus its flat fee. */
public record VolumePrice(List<Tier> tiers, PriceModifiers modifiers) implements Price {

  public VolumePrice {
    tiers = Tiers.checked(tiers);
  }

  @Override
  public PriceModel model() {
    return PriceModel.VOLUME;
  }

  @Override
  public Charge rateModel(Quantity quantity) {
    return quantity.signum() == 0
        ? Tiers.atZero(tiers, modifiers)
        : Charge.of(List.of(Tiers.step(tiers, tierOf(quantity), quantity)));
  }

  private int tierOf(Quantity quantity) {
    int index = 0;
    BigDecimal upTo = tiers.get(0).upTo();
    while (upTo != null && quantity.value().compareTo(upTo) > 0) {
      index++;
      upTo = tiers.get(index).upTo();
    }
    return index;
  }
}
