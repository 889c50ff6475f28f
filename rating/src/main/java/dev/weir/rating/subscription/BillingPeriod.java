package dev.weir.rating.subscription;

import dev.weir.metering.Invariant;
import java.time.Instant;

/**
 * One billing period, half-open.
 *
 * @param index from 0
 * @param from inclusive, on a whole minute
 * @param to exclusive, on a whole minute, after {@code from}
 */
public record BillingPeriod(int index, Instant from, Instant to) {

  public BillingPeriod {
    Invariant.check(index >= 0 && from.isBefore(to), "a billing period is not empty");
  }

  public boolean contains(Instant instant) {
    return !instant.isBefore(from) && instant.isBefore(to);
  }
}
