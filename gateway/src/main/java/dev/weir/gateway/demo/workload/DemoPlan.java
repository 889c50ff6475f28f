package dev.weir.gateway.demo.workload;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The plan every demo customer is on: monthly, US dollars.
 *
 * @param baseFee charged in advance for each month, or null for none; its rate card is {@link
 *     #BASE_CARD}
 */
public record DemoPlan(
    String key, String name, @Nullable BigDecimal baseFee, List<UsageCard> cards) {

  public static final String BASE_CARD = "base";
  public static final String CURRENCY = "USD";

  public DemoPlan {
    cards = List.copyOf(cards);
  }

  public Map<String, Object> json() {
    List<Object> rateCards = new ArrayList<>();
    if (baseFee != null) {
      Map<String, Object> base = new LinkedHashMap<>();
      base.put("key", BASE_CARD);
      base.put("type", "fee");
      base.put("price", Map.of("model", "flat", "amount", baseFee.toPlainString()));
      base.put("billing", "in_advance");
      rateCards.add(base);
    }
    cards.forEach(card -> rateCards.add(card.json()));
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("key", key);
    json.put("name", name);
    json.put("currency", CURRENCY);
    json.put("billingCycle", "monthly");
    json.put("rateCards", rateCards);
    return json;
  }
}
