package dev.weir.metering.usage;

import dev.weir.metering.Quantity;
import dev.weir.metering.meter.Meter;
import dev.weir.metering.meter.QuantityRounding;
import java.math.BigDecimal;
import java.math.RoundingMode;

/** Finishes the value of an answer row: divides, bounds and rounds, in one step, so never twice. */
public final class UsageValue {

  /** What a quotient is rounded to, half up, where the meter says nothing else. */
  private static final int QUOTIENT_DECIMALS = 18;

  private UsageValue() {}

  /** What a meter answers for a sum of its values. */
  public static Quantity of(Meter meter, BigDecimal value) {
    return of(meter, value, BigDecimal.ONE);
  }

  /**
   * @param divisor over zero
   */
  static Quantity of(Meter meter, BigDecimal dividend, BigDecimal divisor) {
    if (meter.options().nonNegative() && dividend.signum() < 0) {
      return Quantity.ZERO;
    }
    QuantityRounding rounding = meter.options().rounding();
    if (rounding != null) {
      return new Quantity(
          dividend.divide(divisor, rounding.scale(), rounding.mode().rule()));
    }
    return new Quantity(
        divisor.compareTo(BigDecimal.ONE) == 0
            ? dividend
            : dividend.divide(divisor, QUOTIENT_DECIMALS, RoundingMode.HALF_UP));
  }
}
