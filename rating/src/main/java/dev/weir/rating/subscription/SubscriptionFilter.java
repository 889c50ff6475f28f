package dev.weir.rating.subscription;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Which subscriptions a list holds; null means any. */
public record SubscriptionFilter(@Nullable UUID customerId, Subscription.@Nullable Status status) {

  public static final SubscriptionFilter ALL = new SubscriptionFilter(null, null);
}
