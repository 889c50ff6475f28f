package dev.weir.rating.catalog;

import dev.weir.metering.Ids;
import dev.weir.metering.MeteringError;
import dev.weir.metering.Refusal;
import dev.weir.metering.json.Json;
import dev.weir.metering.json.JsonFields;
import dev.weir.rating.Money;
import dev.weir.rating.RatingError;
import dev.weir.rating.Slice;
import dev.weir.rating.subscription.BillingCycle;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.stream.StreamSupport;

/** Reads and writes plan versions inside the caller's transaction. Thread-safe. */
public final class PlanStore {

  /** Makes creators of versions of one plan take turns, so that versions have no gaps. */
  private static final String LOCK =
      "SELECT pg_advisory_xact_lock(hashtextextended('plan ' || $1::text || ' ' || $2::text, 0))";

  private static final String INSERT = """
      INSERT INTO plans (tenant_id, plan_id, key, version, name, currency, billing_cycle,
          rate_cards, created_at)
      SELECT $1, $2, $3, 1 + coalesce(max(version), 0), $4, $5, $6, $7::text::jsonb, $8
      FROM plans WHERE tenant_id = $1 AND key = $3
      RETURNING tenant_id, plan_id, key, version, name, currency, billing_cycle,
          rate_cards::text AS rate_cards, created_at
      """;

  private static final String SELECT = """
      SELECT tenant_id, plan_id, key, version, name, currency, billing_cycle,
          rate_cards::text AS rate_cards, created_at
      FROM plans
      """;

  private static final String BY_ID = SELECT + "WHERE tenant_id = $1 AND plan_id = $2";

  private static final String BY_KEY =
      SELECT + "WHERE tenant_id = $1 AND key = $2 ORDER BY version DESC LIMIT 1";

  private static final String LIST = SELECT + """
      WHERE plan_id IN (
        SELECT DISTINCT ON (key) plan_id FROM plans WHERE tenant_id = $1 ORDER BY key, version DESC)
      ORDER BY created_at DESC, plan_id DESC LIMIT $2 OFFSET $3
      """;

  private static final String COUNT =
      "SELECT count(DISTINCT key) AS total FROM plans WHERE tenant_id = $1";

  private static final String USES_METER =
      "SELECT EXISTS (SELECT FROM plans WHERE rate_cards @> $1::text::jsonb) AS used";

  private final MeterLookup meters;
  private final Ids ids;
  private final InstantSource clock;

  public PlanStore(MeterLookup meters, Ids ids, InstantSource clock) {
    this.meters = meters;
    this.ids = ids;
    this.clock = clock;
  }

  /**
   * Creates the first or next version of a plan. Refuses an unknown meter with
   * RATE_CARD_METER_UNKNOWN and a filter by what the meter does not group by with
   * RATE_CARD_FILTER_UNKNOWN.
   */
  public Future<Plan> create(SqlConnection connection, UUID tenantId, PlanDraft draft) {
    return resolve(connection, tenantId, draft)
        .compose(cards -> connection
            .preparedQuery(LOCK)
            .execute(Tuple.of(tenantId.toString(), draft.key()))
            .compose(locked -> insert(connection, tenantId, draft, cards)));
  }

  private Future<Plan> insert(
      SqlConnection connection, UUID tenantId, PlanDraft draft, List<RateCard> cards) {
    OffsetDateTime now = clock.instant().truncatedTo(ChronoUnit.MICROS).atOffset(ZoneOffset.UTC);
    Tuple row = Tuple.of(
        tenantId,
        ids.next(),
        draft.key(),
        draft.name(),
        draft.currency().getCurrencyCode(),
        draft.billingCycle().wireName());
    row.addString(Json.text(cards.stream().map(RateCardJson::write).toList()));
    row.addOffsetDateTime(now);
    return connection
        .preparedQuery(INSERT)
        .execute(row)
        .map(rows -> plan(rows.iterator().next()));
  }

  private Future<List<RateCard>> resolve(SqlConnection connection, UUID tenantId, PlanDraft draft) {
    Future<List<RateCard>> resolved = Future.succeededFuture(new ArrayList<>());
    for (int i = 0; i < draft.rateCards().size(); i++) {
      RateCardDraft card = draft.rateCards().get(i);
      String path = PlanDraft.path(i);
      resolved =
          resolved.compose(cards -> resolve(connection, tenantId, card, path).map(one -> {
            cards.add(one);
            return cards;
          }));
    }
    return resolved;
  }

  private Future<RateCard> resolve(
      SqlConnection connection, UUID tenantId, RateCardDraft card, String path) {
    String meter = card.meter();
    if (meter == null) {
      return Future.succeededFuture(card.asFee());
    }
    return meters
        .find(connection, tenantId, meter)
        .recover(failure -> Future.failedFuture(
            failure instanceof Refusal refusal && refusal.code() == MeteringError.METER_NOT_FOUND
                ? unknownMeter(meter, path)
                : failure))
        .map(found -> card.asUsageOf(found, path));
  }

  private static Refusal unknownMeter(String meter, String path) {
    return new Refusal(
        RatingError.RATE_CARD_METER_UNKNOWN,
        path + ".meter",
        "There is no meter '%s'; create it first or name another in '%s.meter'."
            .formatted(meter, path));
  }

  /** The version with this id, or the newest with this key; refuses with PLAN_NOT_FOUND. */
  public Future<Plan> find(SqlConnection connection, UUID tenantId, String idOrKey) {
    UUID id = Keys.idOf(idOrKey);
    return connection
        .preparedQuery(id == null ? BY_KEY : BY_ID)
        .execute(Tuple.of(tenantId, id == null ? idOrKey : id))
        .map(rows -> {
          if (rows.size() == 0) {
            throw new Refusal(
                RatingError.PLAN_NOT_FOUND, "There is no plan '%s'.".formatted(idOrKey));
          }
          return plan(rows.iterator().next());
        });
  }

  /** A slice of the newest versions of the tenant's plans, newest first. */
  public Future<Slice<Plan>> list(SqlConnection connection, UUID tenantId, int limit, int offset) {
    return connection
        .preparedQuery(LIST)
        .execute(Tuple.of(tenantId, limit, offset))
        .map(rows ->
            StreamSupport.stream(rows.spliterator(), false).map(PlanStore::plan).toList())
        .compose(plans -> connection
            .preparedQuery(COUNT)
            .execute(Tuple.of(tenantId))
            .map(rows -> new Slice<>(plans, rows.iterator().next().getLong("total"))));
  }

  /** Whether any plan version bills this meter; reads the tenant's plans. */
  public Future<Boolean> usesMeter(SqlConnection connection, UUID meterId) {
    return connection
        .preparedQuery(USES_METER)
        .execute(Tuple.of(Json.text(List.of(Map.of("meterId", meterId)))))
        .map(rows -> rows.iterator().next().getBoolean("used"));
  }

  private static Plan plan(Row row) {
    return new Plan(
        row.getUUID("plan_id"),
        row.getUUID("tenant_id"),
        row.getString("key"),
        row.getInteger("version"),
        row.getString("name"),
        Money.currency(row.getString("currency"), "currency"),
        BillingCycle.valueOf(row.getString("billing_cycle").toUpperCase(Locale.ROOT)),
        StreamSupport.stream(Json.parseOwn(row.getString("rate_cards")).spliterator(), false)
            .map(card -> RateCardJson.read(JsonFields.of(card)))
            .toList(),
        row.getOffsetDateTime("created_at").toInstant());
  }
}
