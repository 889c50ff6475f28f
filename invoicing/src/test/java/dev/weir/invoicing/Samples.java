package dev.weir.invoicing;

import dev.weir.metering.Ids;
import dev.weir.metering.json.Json;
import dev.weir.metering.json.JsonFields;
import dev.weir.rating.catalog.Customer;
import dev.weir.rating.catalog.MeterRef;
import dev.weir.rating.catalog.Plan;
import dev.weir.rating.catalog.RateCard;
import dev.weir.rating.price.Price;
import dev.weir.rating.price.PriceJson;
import dev.weir.rating.subscription.BillingCycle;
import dev.weir.rating.subscription.Subscription;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Currency;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/** Values for pure tests, made without a database. */
public final class Samples {

  public static final UUID TENANT = new UUID(1, 1);
  public static final Instant START = Instant.parse("2026-08-01T00:00:00Z");

  private Samples() {}

  public static Ids counting() {
    AtomicLong next = new AtomicLong(1_000);
    return () -> new UUID(7, next.getAndIncrement());
  }

  /** A price from JSON with single quotes. */
  public static Price price(String json) {
    return PriceJson.read(JsonFields.of(Json.parseOwn(json.replace('\'', '"'))));
  }

  public static RateCard fee(String key, String amount, RateCard.Billing billing) {
    return new RateCard(
        key,
        null,
        null,
        RateCard.Type.FEE,
        null,
        Map.of(),
        price("{'model':'flat','amount':'" + amount + "'}"),
        billing);
  }

  public static RateCard usage(String key, String price) {
    return new RateCard(
        key,
        null,
        null,
        RateCard.Type.USAGE,
        new MeterRef(new UUID(2, 2), "tokens"),
        Map.of("model", Set.of("m1", "m0")),
        price(price),
        RateCard.Billing.IN_ARREARS);
  }

  public static Plan plan(String currency, RateCard... cards) {
    return new Plan(
        new UUID(3, 3),
        TENANT,
        "llm-pro",
        2,
        "LLM Pro",
        Currency.getInstance(currency),
        BillingCycle.MONTHLY,
        List.of(cards),
        START);
  }

  public static Customer customer(String currency, String... subjects) {
    return new Customer(
        new UUID(4, 4),
        TENANT,
        "acme",
        "Acme Inc.",
        "billing@acme.example",
        Currency.getInstance(currency),
        ZoneId.of("UTC"),
        List.of(subjects),
        null,
        null,
        START);
  }

  public static Subscription subscription(Plan plan) {
    return new Subscription(
        new UUID(5, 5),
        TENANT,
        new UUID(4, 4),
        plan.id(),
        plan.key(),
        plan.version(),
        Subscription.Status.ACTIVE,
        plan.currency(),
        plan.billingCycle(),
        ZoneId.of("UTC"),
        START,
        0,
        START);
  }
}
