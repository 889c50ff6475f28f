package dev.weir.rating.price;

import dev.weir.metering.Quantity;

/**
 * How a quantity becomes an amount. Immutable and valid by construction; rating is pure and costs a
 * few decimal operations per tier reached.
 */
public sealed interface Price
    permits FlatPrice, PerUnitPrice, GraduatedPrice, VolumePrice, PackagePrice {

  /** The model's name on the wire. */
  PriceModel model();

  PriceModifiers modifiers();

  /** The charge of the model alone, for a quantity of zero or more, before any modifier. */
  Charge rateModel(Quantity quantity);

  /** The charge with its modifiers, not yet rounded to a currency; below zero counts as zero. */
  default Charge rate(Quantity quantity) {
    return modifiers().rate(this, quantity.signum() < 0 ? Quantity.ZERO : quantity);
  }
}
