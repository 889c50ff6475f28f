package dev.weir.rating.subscription;

import dev.weir.metering.Invariant;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Currency;
import java.util.UUID;

/**
 * A customer on a plan version.
 *
 * @param planId the version's id
 * @param timeZone the customer's when the subscription was created
 * @param startedAt anchor of all periods, on a whole minute
 * @param nextBoundary the first boundary that has not been billed
 */
public record Subscription(
    UUID id,
    UUID tenantId,
    UUID customerId,
    UUID planId,
    String planKey,
    int planVersion,
    Status status,
    Currency currency,
    BillingCycle billingCycle,
    ZoneId timeZone,
    Instant startedAt,
    int nextBoundary,
    Instant createdAt) {

  /** Where a subscription stands. */
  public enum Status {
    ACTIVE
  }

  public Subscription {
    Invariant.check(nextBoundary >= 0, "boundaries count from 0");
  }

  public BillingSchedule schedule() {
    return new BillingSchedule(startedAt, billingCycle, timeZone);
  }

  /** The period that has not been closed: the one that ends at the next boundary after the start. */
  public BillingPeriod currentPeriod() {
    return schedule().period(Math.max(nextBoundary - 1, 0));
  }

  public Instant currentPeriodStart() {
    return currentPeriod().from();
  }

  public Instant currentPeriodEnd() {
    return currentPeriod().to();
  }

  /** When the next invoice falls due. */
  public Instant nextBoundaryAt() {
    return schedule().boundary(nextBoundary);
  }

  /** This subscription after its next boundary has been billed. */
  public Subscription advanced() {
    return new Subscription(
        id,
        tenantId,
        customerId,
        planId,
        planKey,
        planVersion,
        status,
        currency,
        billingCycle,
        timeZone,
        startedAt,
        nextBoundary + 1,
        createdAt);
  }
}
