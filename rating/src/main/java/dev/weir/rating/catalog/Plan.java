package dev.weir.rating.catalog;

import dev.weir.rating.subscription.BillingCycle;
import java.time.Instant;
import java.util.Currency;
import java.util.List;
import java.util.UUID;

/**
 * One version of a plan. Immutable: a change is a new version with an id of its own.
 *
 * @param key what the versions share
 * @param version from 1, without gaps
 * @param currency of every rate card in it
 */
public record Plan(
    UUID id,
    UUID tenantId,
    String key,
    int version,
    String name,
    Currency currency,
    BillingCycle billingCycle,
    List<RateCard> rateCards,
    Instant createdAt) {

  public Plan {
    rateCards = List.copyOf(rateCards);
  }

  /** Fees due at the start of a period, in plan order. */
  public List<RateCard> inAdvance() {
    return rateCards.stream()
        .filter(card -> card.billing() == RateCard.Billing.IN_ADVANCE)
        .toList();
  }

  /** Usage and fees due at the end of a period, in plan order. */
  public List<RateCard> inArrears() {
    return rateCards.stream()
        .filter(card -> card.billing() == RateCard.Billing.IN_ARREARS)
        .toList();
  }
}
