package dev.weir.rating.catalog;

import dev.weir.metering.Refusal;
import dev.weir.metering.meter.Meter;
import dev.weir.rating.RatingError;
import dev.weir.rating.price.FlatPrice;
import dev.weir.rating.price.PerUnitPrice;
import dev.weir.rating.price.Price;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A rate card as asked for; its meter is not looked up yet.
 *
 * @param meter id or key; only for usage
 * @param billing null for the type's default: fees in advance, usage in arrears
 */
public record RateCardDraft(
    String key,
    @Nullable String name,
    @Nullable String description,
    RateCard.Type type,
    @Nullable String meter,
    Map<String, Set<String>> filter,
    Price price,
    RateCard.@Nullable Billing billing) {

  public RateCardDraft {
    filter = Map.copyOf(filter);
  }

  /** Refuses what is wrong without knowing the meter; {@code path} is where the card stands. */
  void check(String path) {
    Keys.check(key, path + ".key");
    if (type == RateCard.Type.FEE) {
      checkFee(path);
    } else {
      checkUsage(path);
    }
  }

  private void checkFee(String path) {
    if (meter != null || !filter.isEmpty()) {
      throw new Refusal(
          RatingError.RATE_CARD_METER_UNEXPECTED,
          path + (meter != null ? ".meter" : ".filter"),
          "'%s' is a fee; leave out 'meter' and 'filter', or make its type \"usage\"."
              .formatted(path));
    }
    if (!(price instanceof FlatPrice || price instanceof PerUnitPrice)) {
      throw new Refusal(
          RatingError.RATE_CARD_PRICE_UNSUITABLE,
          path + ".price.model",
          "'%s' is a fee; its price must be \"flat\", or \"per_unit\" for one unit."
              .formatted(path));
    }
  }

  private void checkUsage(String path) {
    if (meter == null) {
      throw new Refusal(
          RatingError.RATE_CARD_METER_MISSING,
          path + ".meter",
          "'%s.meter' is required for usage; name a meter by its key or id.".formatted(path));
    }
    if (billing == RateCard.Billing.IN_ADVANCE) {
      throw new Refusal(
          RatingError.RATE_CARD_BILLING_UNSUITABLE,
          path + ".billing",
          "'%s.billing' must be \"in_arrears\": usage is known only when the period is over."
              .formatted(path));
    }
  }

  /** The card as a fee. */
  RateCard asFee() {
    RateCard.Billing when = billing == null ? RateCard.Billing.IN_ADVANCE : billing;
    return new RateCard(key, name, description, type, null, filter, price, when);
  }

  /** The card as usage of this meter; refuses a filter by what is not a dimension of it. */
  RateCard asUsageOf(Meter found, String path) {
    for (String dimension : filter.keySet()) {
      if (!found.groupBy().containsKey(dimension)) {
        throw new Refusal(
            RatingError.RATE_CARD_FILTER_UNKNOWN,
            path + ".filter." + dimension,
            "'%s' is not a dimension of the meter '%s'; it has %s."
                .formatted(dimension, found.key(), found.groupBy().keySet()));
      }
    }
    return new RateCard(
        key,
        name,
        description,
        type,
        new MeterRef(found.id(), found.key()),
        filter,
        price,
        RateCard.Billing.IN_ARREARS);
  }
}
