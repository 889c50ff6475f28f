package dev.weir.rating.subscription;

import dev.weir.metering.Ids;
import dev.weir.metering.Invariant;
import dev.weir.metering.Refusal;
import dev.weir.metering.json.Json;
import dev.weir.metering.json.JsonFields;
import dev.weir.metering.usage.UsageStore;
import dev.weir.rating.Money;
import dev.weir.rating.RatingError;
import dev.weir.rating.Slice;
import dev.weir.rating.catalog.MeterRef;
import dev.weir.rating.catalog.Plan;
import dev.weir.rating.catalog.RateCard;
import dev.weir.rating.catalog.RateCardJson;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** Reads and writes subscriptions inside the caller's transaction. Thread-safe. */
public final class SubscriptionStore {

  private static final Pattern ID =
      Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

  private static final String INSERT = """
      INSERT INTO subscriptions (tenant_id, subscription_id, customer_id, plan_id, plan_key,
          plan_version, status, currency, billing_cycle, time_zone, started_at, next_boundary,
          next_boundary_at, created_at)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
      """;

  private static final String SELECT = """
      SELECT tenant_id, subscription_id, customer_id, plan_id, plan_key, plan_version, status,
          currency, billing_cycle, time_zone, started_at, next_boundary, created_at
      FROM subscriptions
      """;

  private static final String LOCK_CUSTOMER =
      "SELECT 1 FROM customers WHERE tenant_id = $1 AND customer_id = $2 FOR UPDATE";

  private static final String ACTIVE_PLANS = """
      SELECT s.subscription_id, s.plan_key, p.rate_cards::text AS rate_cards
      FROM subscriptions s JOIN plans p USING (tenant_id, plan_id)
      WHERE s.tenant_id = $1 AND s.customer_id = $2 AND s.status = 'active'
      """;

  private static final String BY_ID = SELECT + "WHERE tenant_id = $1 AND subscription_id = $2";

  private static final String MATCHING = """
      WHERE tenant_id = $1 AND ($2::uuid IS NULL OR customer_id = $2)
        AND ($3::text IS NULL OR status = $3)
      """;

  private static final String LIST =
      SELECT + MATCHING + "ORDER BY created_at DESC, subscription_id DESC LIMIT $4 OFFSET $5";

  private static final String COUNT = "SELECT count(*) AS total FROM subscriptions " + MATCHING;

  private static final String DUE = SELECT + """
      WHERE status = 'active' AND next_boundary_at <= $1
        AND ($2::uuid IS NULL OR subscription_id > $2)
      ORDER BY subscription_id LIMIT $3
      """;

  private static final String LOCK = SELECT + "WHERE subscription_id = $1 FOR UPDATE";

  // Rather too early than too late: no cycle is longer, through leap years and changes of clocks.
  private static final String UNBILLED_FROM = """
      SELECT min(greatest(started_at, next_boundary_at - CASE billing_cycle
               WHEN 'daily' THEN interval '2 days'
               WHEN 'weekly' THEN interval '8 days'
               WHEN 'monthly' THEN interval '32 days'
               WHEN 'quarterly' THEN interval '93 days'
               ELSE interval '367 days' END))
      FROM subscriptions WHERE status = 'active'
      """;

  // The old boundary is the fence: a writer that read an older row changes nothing.
  private static final String ADVANCE = """
      UPDATE subscriptions SET next_boundary = $3, next_boundary_at = $4
      WHERE subscription_id = $1 AND next_boundary = $2
      """;

  private final Ids ids;
  private final InstantSource clock;
  private final UsageStore usage = new UsageStore();

  public SubscriptionStore(Ids ids, InstantSource clock) {
    this.ids = ids;
    this.clock = clock;
  }

  /**
   * Creates a subscription; refuses with SUBSCRIPTION_CURRENCY_MISMATCH, SUBSCRIPTION_CYCLE_MISMATCH
   * or SUBSCRIPTION_START_INVALID when plan, customer and request do not agree, and with
   * SUBSCRIPTION_DUPLICATE when an active subscription bills the customer for the same. One that begins
   * where the usage that its plan bills is kept by hours only must have periods of whole hours.
   */
  public Future<Subscription> create(SqlConnection connection, SubscriptionDraft draft) {
    Subscription made = draft.decide(ids.next(), clock.instant());
    return refuseTwice(connection, draft)
        .compose(once -> refuseUnknowable(connection, draft, made))
        .compose(once -> insert(connection, made));
  }

  /** It would never be billed, and keep all minutes from then on. */
  private Future<Void> refuseUnknowable(
      SqlConnection connection, SubscriptionDraft draft, Subscription made) {
    if (draft.plan().rateCards().stream().noneMatch(card -> card.type() == RateCard.Type.USAGE)) {
      return Future.succeededFuture();
    }
    return usage.minutesFrom(connection).map(minutesFrom -> {
      Instant needed = made.schedule().firstWithin(ChronoUnit.HOURS, minutesFrom);
      if (needed != null) {
        throw new Refusal(
            RatingError.SUBSCRIPTION_START_INVALID,
            "startedAt",
            ("Usage before %s is kept by hours of UTC, and with this start a period would begin at %s;"
                    + " start such that periods begin on whole hours of UTC, or not before %s.")
                .formatted(minutesFrom, needed, minutesFrom));
      }
      return null;
    });
  }

  /** A retried request must not bill the same usage, or the same fees, a second time. */
  private static Future<Void> refuseTwice(SqlConnection connection, SubscriptionDraft draft) {
    return connection
        .preparedQuery(LOCK_CUSTOMER)
        .execute(Tuple.of(draft.customer().tenantId(), draft.customer().id()))
        .compose(locked -> connection
            .preparedQuery(ACTIVE_PLANS)
            .execute(Tuple.of(draft.customer().tenantId(), draft.customer().id())))
        .compose(rows -> {
          for (Row row : rows) {
            Refusal refusal = billedTwice(draft.plan(), row);
            if (refusal != null) {
              return Future.failedFuture(refusal);
            }
          }
          return Future.succeededFuture();
        });
  }

  private static @Nullable Refusal billedTwice(Plan plan, Row active) {
    String id = active.getUUID("subscription_id").toString();
    if (plan.key().equals(active.getString("plan_key"))) {
      return new Refusal(
          RatingError.SUBSCRIPTION_DUPLICATE,
          "planId",
          "The customer has the plan '%s' already, by subscription %s.".formatted(plan.key(), id));
    }
    Set<Object> billed = new HashSet<>();
    Json.parseOwn(active.getString("rate_cards"))
        .forEach(card -> billed.add(usageOf(RateCardJson.read(JsonFields.of(card)))));
    for (RateCard card : plan.rateCards()) {
      if (card.meter() != null && billed.contains(usageOf(card))) {
        return new Refusal(
            RatingError.SUBSCRIPTION_DUPLICATE,
            "planId",
            "The usage of rate card '%s' is billed to this customer already, by subscription %s."
                .formatted(card.key(), id));
      }
    }
    return null;
  }

  /** What decides which usage a card bills. */
  private static List<Object> usageOf(RateCard card) {
    MeterRef meter = card.meter();
    return List.of(meter == null ? "none" : meter.id(), card.filter());
  }

  private static Future<Subscription> insert(SqlConnection connection, Subscription made) {
    Tuple row = Tuple.of(made.tenantId(), made.id(), made.customerId(), made.planId());
    row.addString(made.planKey());
    row.addInteger(made.planVersion());
    row.addString(wireName(made.status()));
    row.addString(made.currency().getCurrencyCode());
    row.addString(made.billingCycle().wireName());
    row.addString(made.timeZone().getId());
    row.addOffsetDateTime(utc(made.startedAt()));
    row.addInteger(made.nextBoundary());
    row.addOffsetDateTime(utc(made.nextBoundaryAt()));
    row.addOffsetDateTime(utc(made.createdAt()));
    return connection.preparedQuery(INSERT).execute(row).map(inserted -> made);
  }

  /** The tenant's subscription with this id; refuses with SUBSCRIPTION_NOT_FOUND. */
  public Future<Subscription> find(SqlConnection connection, UUID tenantId, String id) {
    if (!ID.matcher(id).matches()) {
      return Future.failedFuture(notFound(id));
    }
    return connection
        .preparedQuery(BY_ID)
        .execute(Tuple.of(tenantId, UUID.fromString(id)))
        .map(rows -> only(rows, id));
  }

  /** A slice of the tenant's subscriptions, newest first. */
  public Future<Slice<Subscription>> list(
      SqlConnection connection, UUID tenantId, SubscriptionFilter filter, int limit, int offset) {
    Subscription.Status status = filter.status();
    String wanted = status == null ? null : wireName(status);
    return connection
        .preparedQuery(LIST)
        .execute(Tuple.of(tenantId, filter.customerId(), wanted, limit, offset))
        .map(SubscriptionStore::all)
        .compose(subscriptions -> connection
            .preparedQuery(COUNT)
            .execute(Tuple.of(tenantId, filter.customerId(), wanted))
            .map(rows -> new Slice<>(subscriptions, rows.iterator().next().getLong("total"))));
  }

  /**
   * Active subscriptions whose next boundary is at or before {@code until}, in order of id. Inside a
   * tenant's transaction only the tenant's; as the engine, everyone's.
   *
   * @param after the last id of the batch before, null for the first batch
   */
  public Future<List<Subscription>> due(
      SqlConnection connection, Instant until, @Nullable UUID after, int limit) {
    return connection
        .preparedQuery(DUE)
        .execute(Tuple.of(utc(until), after, limit))
        .map(SubscriptionStore::all);
  }

  /**
   * No period that is still to be billed begins before; MAX when there is none. As the engine, over all
   * tenants. Cost: a look at every subscription.
   */
  public Future<Instant> unbilledFrom(SqlConnection connection) {
    return connection.query(UNBILLED_FROM).execute().map(rows -> {
      OffsetDateTime from = rows.iterator().next().getOffsetDateTime(0);
      return from == null ? Instant.MAX : from.toInstant();
    });
  }

  /**
   * Reads a subscription and keeps others from billing it until the transaction ends; refuses with
   * SUBSCRIPTION_NOT_FOUND.
   */
  public Future<Subscription> lockForBilling(SqlConnection connection, UUID id) {
    return connection
        .preparedQuery(LOCK)
        .execute(Tuple.of(id))
        .map(rows -> only(rows, id.toString()));
  }

  /**
   * Moves to the boundary after the one that the given subscription, read under {@link
   * #lockForBilling}, stands at; fails when the row has moved on meanwhile.
   */
  public Future<Subscription> advance(SqlConnection connection, Subscription locked) {
    Subscription advanced = locked.advanced();
    return connection
        .preparedQuery(ADVANCE)
        .execute(Tuple.of(
            locked.id(),
            locked.nextBoundary(),
            advanced.nextBoundary(),
            utc(advanced.nextBoundaryAt())))
        .map(updated -> {
          Invariant.check(updated.rowCount() == 1, "a boundary is billed once");
          return advanced;
        });
  }

  private static List<Subscription> all(RowSet<Row> rows) {
    return StreamSupport.stream(rows.spliterator(), false)
        .map(SubscriptionStore::subscription)
        .toList();
  }

  private static Subscription only(RowSet<Row> rows, String id) {
    if (rows.size() == 0) {
      throw notFound(id);
    }
    return subscription(rows.iterator().next());
  }

  private static Refusal notFound(String id) {
    return new Refusal(
        RatingError.SUBSCRIPTION_NOT_FOUND, "There is no subscription '%s'.".formatted(id));
  }

  private static Subscription subscription(Row row) {
    return new Subscription(
        row.getUUID("subscription_id"),
        row.getUUID("tenant_id"),
        row.getUUID("customer_id"),
        row.getUUID("plan_id"),
        row.getString("plan_key"),
        row.getInteger("plan_version"),
        Subscription.Status.valueOf(row.getString("status").toUpperCase(Locale.ROOT)),
        Money.currency(row.getString("currency"), "currency"),
        BillingCycle.valueOf(row.getString("billing_cycle").toUpperCase(Locale.ROOT)),
        ZoneId.of(row.getString("time_zone")),
        row.getOffsetDateTime("started_at").toInstant(),
        row.getInteger("next_boundary"),
        row.getOffsetDateTime("created_at").toInstant());
  }

  private static String wireName(Subscription.Status status) {
    return status.name().toLowerCase(Locale.ROOT);
  }

  private static OffsetDateTime utc(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }
}
