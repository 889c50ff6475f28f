package dev.weir.metering;

import java.math.BigDecimal;

/**
 * An exact decimal amount of usage. Event values are limited to {@value #DIGITS_MAX} digits, {@value
 * #DECIMALS_MAX} of them decimals; sums of them may grow beyond that and stay exact.
 *
 * <p>Equality is numeric: {@code 1.0} equals {@code 1}.
 */
public record Quantity(BigDecimal value) implements Comparable<Quantity> {

  public static final int DIGITS_MAX = 38;
  public static final int DECIMALS_MAX = 18;

  public static final Quantity ZERO = new Quantity(BigDecimal.ZERO);

  public Quantity {
    value = value.signum() == 0 ? BigDecimal.ZERO : value.stripTrailingZeros();
  }

  public static Quantity of(long units) {
    return new Quantity(BigDecimal.valueOf(units));
  }

  /** Parses decimal text; throws {@link NumberFormatException} when it is no plain decimal. */
  public static Quantity of(String text) {
    return new Quantity(new BigDecimal(text));
  }

  /** Whether a value fits the limits for one event; costs no allocation. */
  public static boolean withinEventLimits(BigDecimal value) {
    return value.scale() <= DECIMALS_MAX
        && value.scale() > -DIGITS_MAX
        && value.precision() - Math.min(value.scale(), 0) <= DIGITS_MAX;
  }

  public Quantity plus(Quantity other) {
    return new Quantity(value.add(other.value));
  }

  public Quantity minus(Quantity other) {
    return new Quantity(value.subtract(other.value));
  }

  public int signum() {
    return value.signum();
  }

  @Override
  public int compareTo(Quantity other) {
    return value.compareTo(other.value);
  }

  /** Plain digits, never an exponent. */
  @Override
  public String toString() {
    return value.toPlainString();
  }
}
