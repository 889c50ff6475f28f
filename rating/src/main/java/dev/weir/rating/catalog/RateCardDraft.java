package dev.weir.rating.catalog;

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
}
