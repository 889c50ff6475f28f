package dev.weir.metering.aggregate;

import java.math.BigDecimal;

/** An exact running sum: integers in a long for as long as they fit, the rest as decimals. */
final class ExactSum {

  private long integers;
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

  void subtract(long value) {
    if (value == Long.MIN_VALUE) {
      // It has no counterpart above zero.
      decimals = decimals.subtract(BigDecimal.valueOf(value));
    } else {
      add(-value);
    }
  }

  BigDecimal value() {
    return decimals.add(BigDecimal.valueOf(integers));
  }
}
