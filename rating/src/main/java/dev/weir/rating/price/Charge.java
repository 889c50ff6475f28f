package dev.weir.rating.price;

import dev.weir.metering.Invariant;
import java.math.BigDecimal;
import java.util.List;

/**
 * An amount and how it came about. The amounts of the steps and adjustments add up to it exactly. Not
 * rounded to any currency.
 */
public record Charge(BigDecimal amount, List<TierStep> steps, List<Adjustment> adjustments) {

  public static final Charge NOTHING = new Charge(BigDecimal.ZERO, List.of(), List.of());

  public Charge {
    steps = List.copyOf(steps);
    adjustments = List.copyOf(adjustments);
    BigDecimal sum = sum(steps);
    for (Adjustment adjustment : adjustments) {
      sum = sum.add(adjustment.amount());
    }
    Invariant.check(sum.compareTo(amount) == 0, "the steps of a charge add up to its amount");
  }

  /** The charge that these steps make, without adjustments. */
  static Charge of(List<TierStep> steps) {
    return new Charge(sum(steps), steps, List.of());
  }

  private static BigDecimal sum(List<TierStep> steps) {
    BigDecimal sum = BigDecimal.ZERO;
    for (TierStep step : steps) {
      sum = sum.add(step.amount());
    }
    return sum;
  }
}
