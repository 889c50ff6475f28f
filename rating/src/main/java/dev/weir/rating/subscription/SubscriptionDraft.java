package dev.weir.rating.subscription;

import dev.weir.metering.Refusal;
import dev.weir.rating.RatingError;
import dev.weir.rating.catalog.Customer;
import dev.weir.rating.catalog.Plan;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Currency;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A subscription as asked for.
 *
 * @param billingCycle must be the plan's when given
 * @param currency must be the plan's when given
 * @param startedAt null for now; cut to the minute
 */
public record SubscriptionDraft(
    Customer customer,
    Plan plan,
    @Nullable BillingCycle billingCycle,
    @Nullable Currency currency,
    @Nullable Instant startedAt) {

  private static final Instant START_MIN = Instant.parse("2000-01-01T00:00:00Z");
  private static final Instant START_MAX = Instant.parse("2200-01-01T00:00:00Z");

  /**
   * The subscription this makes; refuses when customer, plan and request do not agree. Its first
   * boundary to bill is its start if the plan has fees in advance, else the end of its first period.
   */
  Subscription decide(UUID id, Instant now) {
    checkCurrency();
    checkCycle();
    return new Subscription(
        id,
        customer.tenantId(),
        customer.id(),
        plan.id(),
        plan.key(),
        plan.version(),
        Subscription.Status.ACTIVE,
        plan.currency(),
        plan.billingCycle(),
        customer.timeZone(),
        start(now),
        plan.inAdvance().isEmpty() ? 1 : 0,
        now.truncatedTo(ChronoUnit.MICROS));
  }

  private void checkCurrency() {
    if (!customer.currency().equals(plan.currency())) {
      throw new Refusal(
          RatingError.SUBSCRIPTION_CURRENCY_MISMATCH,
          "planId",
          ("The plan '%s' is in %s but the customer '%s' is billed in %s; choose a plan in the"
                  + " customer's currency.")
              .formatted(plan.key(), plan.currency(), customer.key(), customer.currency()));
    }
    if (currency != null && !currency.equals(plan.currency())) {
      throw new Refusal(
          RatingError.SUBSCRIPTION_CURRENCY_MISMATCH,
          "currency",
          "'currency' is %s but the plan '%s' is in %s; leave it out or choose another plan."
              .formatted(currency, plan.key(), plan.currency()));
    }
  }

  private void checkCycle() {
    if (billingCycle != null && billingCycle != plan.billingCycle()) {
      throw new Refusal(
          RatingError.SUBSCRIPTION_CYCLE_MISMATCH,
          "billingCycle",
          "'billingCycle' is %s but the plan '%s' is billed %s; leave it out or choose another plan."
              .formatted(
                  billingCycle.wireName(), plan.key(), plan.billingCycle().wireName()));
    }
  }

  private Instant start(Instant now) {
    Instant start = (startedAt == null ? now : startedAt).truncatedTo(ChronoUnit.MINUTES);
    if (start.isBefore(START_MIN) || !start.isBefore(START_MAX)) {
      throw new Refusal(
          RatingError.SUBSCRIPTION_START_INVALID,
          "startedAt",
          "'startedAt' must be from %s to before %s.".formatted(START_MIN, START_MAX));
    }
    return start;
  }
}
