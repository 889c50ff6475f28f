package dev.weir.api.catalog;

import dev.weir.metering.json.JsonFields;
import dev.weir.rating.Money;
import dev.weir.rating.catalog.Plan;
import dev.weir.rating.catalog.PlanDraft;
import dev.weir.rating.catalog.RateCardJson;
import dev.weir.rating.subscription.BillingCycle;
import java.util.LinkedHashMap;
import java.util.Map;

/** The wire shape of a plan version. */
final class PlanWire {

  private PlanWire() {}

  static PlanDraft read(JsonFields fields) {
    fields.allow("key", "name", "currency", "billingCycle", "rateCards");
    return new PlanDraft(
        fields.text("key"),
        fields.text("name"),
        Money.currency(fields.text("currency"), "currency"),
        fields.oneOf("billingCycle", BillingCycle.class),
        fields.objects("rateCards", PlanDraft.RATE_CARDS_MAX).stream()
            .map(RateCardJson::readDraft)
            .toList());
  }

  static Object write(Plan plan) {
    Map<String, Object> wire = new LinkedHashMap<>();
    wire.put("id", plan.id());
    wire.put("key", plan.key());
    wire.put("version", plan.version());
    wire.put("name", plan.name());
    wire.put("currency", plan.currency().getCurrencyCode());
    wire.put("billingCycle", plan.billingCycle().wireName());
    wire.put("rateCards", plan.rateCards().stream().map(RateCardJson::write).toList());
    wire.put("createdAt", plan.createdAt());
    return wire;
  }
}
