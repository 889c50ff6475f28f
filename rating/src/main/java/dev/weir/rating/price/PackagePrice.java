package dev.weir.rating.price;

import dev.weir.metering.Quantity;
import dev.weir.metering.Refusal;
import dev.weir.rating.RatingError;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;

/**
 * Whole packages of units. Free units come off first; a package that is only begun counts when
 * rounding up and does not when rounding down.
 *
 * @param size units in a package, more than zero
 * @param price of one package
 * @param freeUnits taken off the quantity before packages are counted
 */
public record PackagePrice(
    BigDecimal size,
    BigDecimal price,
    BigDecimal freeUnits,
    PartialPackage partial,
    PriceModifiers modifiers)
    implements Price {

  /** What happens to a package that is only begun. */
  public enum PartialPackage {
    UP(RoundingMode.CEILING),
    DOWN(RoundingMode.FLOOR);

    private final RoundingMode rule;

    PartialPackage(RoundingMode rule) {
      this.rule = rule;
    }

    /** The name on the wire, in lower case. */
    String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public PackagePrice {
    if (size.signum() <= 0) {
      throw new Refusal(
          RatingError.PRICE_PACKAGE_SIZE_INVALID, "size", "'size' must be more than zero.");
    }
    Prices.notNegative(price, "price");
    Prices.notNegative(freeUnits, "freeUnits");
    if (partial == PartialPackage.DOWN && modifiers.rounding() != null) {
      // On the wire both are called "rounding", so a price can have one of them.
      throw new Refusal(
          RatingError.PRICE_MODIFIER_INVALID,
          "rounding",
          "'rounding' is of packages (\"up\", \"down\") or of the amount, not of both.");
    }
  }

  @Override
  public PriceModel model() {
    return PriceModel.PACKAGE;
  }

  @Override
  public Charge rateModel(Quantity quantity) {
    BigDecimal billable = quantity.value().subtract(freeUnits);
    if (billable.signum() <= 0) {
      return Charge.NOTHING;
    }
    BigDecimal packages = billable.divide(size, 0, partial.rule);
    return packages.signum() == 0
        ? Charge.NOTHING
        : Prices.single(new Quantity(freeUnits), new Quantity(packages), price, BigDecimal.ZERO);
  }
}
