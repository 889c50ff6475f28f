package dev.weir.rating.subscription;

import dev.weir.rating.catalog.Customer;
import dev.weir.rating.catalog.Plan;
import java.time.Instant;
import java.util.Currency;
import org.jspecify.annotations.Nullable;

/**
 * A subscription as asked for.
 *
 * @param billingCycle must be the plan's when given
 * @param currency must be the plan's when given
 * @param startedAt null for now
 */
public record SubscriptionDraft(
    Customer customer,
    Plan plan,
    @Nullable BillingCycle billingCycle,
    @Nullable Currency currency,
    @Nullable Instant startedAt) {}
