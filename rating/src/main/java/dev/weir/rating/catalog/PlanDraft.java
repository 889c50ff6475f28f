package dev.weir.rating.catalog;

import dev.weir.rating.subscription.BillingCycle;
import java.util.Currency;
import java.util.List;

/** A plan version as asked for; the fields are those of {@link Plan}. */
public record PlanDraft(
    String key,
    String name,
    Currency currency,
    BillingCycle billingCycle,
    List<RateCardDraft> rateCards) {

  public static final int RATE_CARDS_MAX = 100;

  public PlanDraft {
    Keys.check(key, "key");
    rateCards = List.copyOf(rateCards);
  }
}
