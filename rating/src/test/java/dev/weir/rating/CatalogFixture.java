package dev.weir.rating;

import static dev.weir.metering.database.TestDatabase.await;

import dev.weir.metering.MeteringError;
import dev.weir.metering.Refusal;
import dev.weir.metering.TimeOrderedIds;
import dev.weir.metering.database.TestDatabase;
import dev.weir.metering.json.Json;
import dev.weir.metering.json.JsonFields;
import dev.weir.metering.meter.Aggregation;
import dev.weir.metering.meter.JsonPath;
import dev.weir.metering.meter.Meter;
import dev.weir.rating.catalog.Customer;
import dev.weir.rating.catalog.CustomerDraft;
import dev.weir.rating.catalog.CustomerStore;
import dev.weir.rating.catalog.Plan;
import dev.weir.rating.catalog.PlanDraft;
import dev.weir.rating.catalog.PlanStore;
import dev.weir.rating.catalog.RateCardDraft;
import dev.weir.rating.catalog.RateCardJson;
import dev.weir.rating.subscription.BillingCycle;
import dev.weir.rating.subscription.SubscriptionStore;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** A real database with the stores of this module, a still clock, and meters held in memory. */
public final class CatalogFixture implements AutoCloseable {

  public static final Instant NOW = Instant.parse("2026-11-21T10:15:30.123456Z");

  public final TestDatabase database = TestDatabase.create();
  public final InstantSource clock = InstantSource.fixed(NOW);
  public final TimeOrderedIds ids = new TimeOrderedIds(clock, new SecureRandom());
  public final CustomerStore customers = new CustomerStore(ids, clock);
  public final PlanStore plans = new PlanStore(this::meter, ids, clock);
  public final SubscriptionStore subscriptions = new SubscriptionStore(ids, clock);
  private final Map<UUID, Map<String, Meter>> meters = new ConcurrentHashMap<>();

  /** A new tenant with a SUM meter {@code tokens}, grouped by model and region. */
  public UUID tenant() {
    UUID tenantId = database.newTenant();
    Meter tokens = new Meter(
        ids.next(),
        tenantId,
        "tokens",
        null,
        "llm.call",
        Aggregation.SUM,
        JsonPath.parse("$.tokens", "valueProperty"),
        new TreeMap<>(Map.of(
            "model", JsonPath.parse("$.model", "groupBy"),
            "region", JsonPath.parse("$.region", "groupBy"))),
        Map.of(),
        NOW,
        NOW);
    meters.put(tenantId, Map.of("tokens", tokens, tokens.id().toString(), tokens));
    return tenantId;
  }

  /** The meter lookup of these tests. */
  public Future<Meter> meter(SqlConnection connection, UUID tenantId, String idOrKey) {
    Meter meter = meters.get(tenantId).get(idOrKey);
    return meter == null
        ? Future.failedFuture(new Refusal(MeteringError.METER_NOT_FOUND, "no meter " + idOrKey))
        : Future.succeededFuture(meter);
  }

  public Meter tokens(UUID tenantId) {
    return meters.get(tenantId).get("tokens");
  }

  /** Runs work in a transaction of the tenant and waits for it. */
  public <T> T in(UUID tenantId, Function<SqlConnection, Future<T>> work) {
    return await(database.database().inTenant(tenantId, work));
  }

  public Customer customer(UUID tenantId, String key, String... subjects) {
    return in(tenantId, c -> customers.create(c, tenantId, draft(key, "USD", subjects)));
  }

  public static CustomerDraft draft(String key, String currency, String... subjects) {
    return new CustomerDraft(
        key,
        "Customer " + key,
        null,
        Money.currency(currency, "currency"),
        ZoneId.of("UTC"),
        Arrays.asList(subjects),
        null,
        null);
  }

  /** Creates a monthly plan in USD from rate cards written with single quotes. */
  public Plan plan(UUID tenantId, String key, String... cards) {
    return in(tenantId, c -> plans.create(c, tenantId, planDraft(key, cards)));
  }

  public static PlanDraft planDraft(String key, String... cards) {
    return new PlanDraft(
        key,
        "Plan " + key,
        Money.currency("USD", "currency"),
        BillingCycle.MONTHLY,
        List.of(cards).stream().map(CatalogFixture::card).toList());
  }

  private static RateCardDraft card(String json) {
    return RateCardJson.readDraft(JsonFields.of(Json.parseOwn(json.replace('\'', '"'))));
  }

  public static String fee(String key, String amount) {
    return "{'key':'%s','type':'fee','price':{'model':'flat','amount':'%s'}}"
        .formatted(key, amount);
  }

  public static String usage(String key, String unitPrice) {
    return "{'key':'%s','type':'usage','meter':'tokens','price':{'model':'per_unit','unitPrice':'%s'}}"
        .formatted(key, unitPrice);
  }

  @Override
  public void close() {
    database.close();
  }
}
