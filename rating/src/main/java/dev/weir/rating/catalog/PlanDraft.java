package dev.weir.rating.catalog;

import dev.weir.metering.Refusal;
import dev.weir.rating.RatingError;
import dev.weir.rating.subscription.BillingCycle;
import java.util.Currency;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A plan version as asked for, valid but for its meters; the fields are those of {@link Plan}. */
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
    if (rateCards.isEmpty() || rateCards.size() > RATE_CARDS_MAX) {
      throw new Refusal(
          RatingError.PLAN_RATE_CARDS_MISSING,
          "rateCards",
          "'rateCards' must have from 1 to %d rate cards.".formatted(RATE_CARDS_MAX));
    }
    Set<String> keys = new HashSet<>();
    for (int i = 0; i < rateCards.size(); i++) {
      rateCards.get(i).check(path(i));
      if (!keys.add(rateCards.get(i).key())) {
        throw new Refusal(
            RatingError.RATE_CARD_KEY_REPEATED,
            path(i) + ".key",
            "'%s' is the key of two rate cards; give each its own."
                .formatted(rateCards.get(i).key()));
      }
    }
  }

  /** Where a rate card stands in the request. */
  static String path(int index) {
    return "rateCards[" + index + "]";
  }
}
