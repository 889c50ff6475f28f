package dev.weir.metering.aggregate;

import java.math.BigDecimal;

/**
 * An exact running sum: integers in a long for as long as they fit, and so are decimals of one scale, the
 * first that comes; the rest as big decimals.
 */
final class ExactSum {

  private long integers;
  private long scaled;
  private int scale = -1;
  private BigDecimal decimals = BigDecimal.ZERO;

  void add(long value) {
    long sum = integers + value;
    // Overflow: both operands have one sign and the sum has the other.
    if (((integers ^ sum) & (value ^ sum)) < 0) {
      decimals = decimals.add(BigDecimal.valueOf(integers));
      integers = value;
    } else {
      integers = sum;
    }
  }

  void add(BigDecimal value) {
    decimals = decimals.add(value);
  }

  /** Adds {@code unscaled} units of {@code 10^-unitScale}. */
  void addScaled(long unscaled, int unitScale) {
    if (scale < 0) {
      scale = unitScale;
    }
    long sum = scaled + unscaled;
    if (scale != unitScale || ((scaled ^ sum) & (unscaled ^ sum)) < 0) {
      decimals = decimals.add(BigDecimal.valueOf(unscaled, unitScale));
    } else {
      scaled = sum;
    }
  }

  void subtract(long value) {
    if (value == Long.MIN_VALUE) {
      // It has no counterpart above zero.
      decimals = decimals.subtract(BigDecimal.valueOf(value));
    } else {
      add(-value);
    }
  }

  BigDecimal value() {
    BigDecimal sum = decimals.add(BigDecimal.valueOf(integers));
    return scale < 0 ? sum : sum.add(BigDecimal.valueOf(scaled, scale));
  }
}
