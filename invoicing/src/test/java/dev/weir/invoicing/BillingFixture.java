package dev.weir.invoicing;

import static dev.weir.metering.database.TestDatabase.await;

import dev.weir.invoicing.explain.InvoiceExplainer;
import dev.weir.invoicing.number.InvoiceNumbers;
import dev.weir.invoicing.run.BillingRun;
import dev.weir.invoicing.run.BillingRuns;
import dev.weir.invoicing.run.BillingSources;
import dev.weir.invoicing.run.RunLimits;
import dev.weir.invoicing.run.RunReport;
import dev.weir.invoicing.run.RunRequest;
import dev.weir.invoicing.run.UsageBarrier;
import dev.weir.metering.Ids;
import dev.weir.metering.MeteringError;
import dev.weir.metering.Refusal;
import dev.weir.metering.database.TestDatabase;
import dev.weir.metering.json.Json;
import dev.weir.metering.json.JsonFields;
import dev.weir.metering.meter.Aggregation;
import dev.weir.metering.meter.JsonPath;
import dev.weir.metering.meter.Meter;
import dev.weir.rating.Money;
import dev.weir.rating.bill.PeriodUsage;
import dev.weir.rating.catalog.Customer;
import dev.weir.rating.catalog.CustomerDraft;
import dev.weir.rating.catalog.CustomerStore;
import dev.weir.rating.catalog.Plan;
import dev.weir.rating.catalog.PlanDraft;
import dev.weir.rating.catalog.PlanStore;
import dev.weir.rating.catalog.RateCardJson;
import dev.weir.rating.subscription.BillingCycle;
import dev.weir.rating.subscription.Subscription;
import dev.weir.rating.subscription.SubscriptionDraft;
import dev.weir.rating.subscription.SubscriptionStore;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/** A real database, the stores of rating and invoicing, a clock to set, usage held in memory. */
public final class BillingFixture implements AutoCloseable {

  public static final Instant NOW = Instant.parse("2026-11-21T10:15:00Z");

  public final TestDatabase database = TestDatabase.create();
  public final AtomicReference<Instant> now = new AtomicReference<>(NOW);
  public final InstantSource clock = now::get;
  /** In order of creation even while the clock stands still, so that runs go in that order. */
  public final Ids ids = counting();

  public final CustomerStore customers = new CustomerStore(ids, clock);
  public final PlanStore plans = new PlanStore(this::meter, ids, clock);
  public final SubscriptionStore subscriptions = new SubscriptionStore(ids, clock);
  public final RecordedUsage usage = new RecordedUsage();
  public final InvoiceStore store = new InvoiceStore();
  public final InvoiceIssuer issuer =
      new InvoiceIssuer(store, new InvoiceNumbers(), PaymentTerms.STANDARD, clock);
  public final Invoices invoices =
      new Invoices(database.database(), store, new InvoiceList(), issuer, clock);
  public final InvoiceExplainer explainer =
      new InvoiceExplainer(database.database(), store, this::meter, usage::query);
  private final Map<UUID, Map<String, Meter>> meters = new ConcurrentHashMap<>();

  private static Ids counting() {
    AtomicLong last = new AtomicLong();
    return () -> new UUID(0x0190_0000_0000_7000L, 0x8000_0000_0000_0000L + last.incrementAndGet());
  }

  /** Runs whose usage is always visible and which try again soon after an outage. */
  public BillingRuns runs() {
    return runs(() -> Future.succeededFuture());
  }

  public BillingRuns runs(UsageBarrier barrier) {
    return runs(barrier, new RunLimits(4, 3, 200, 5, 20));
  }

  public BillingRuns runs(UsageBarrier barrier, RunLimits limits) {
    BillingSources sources = new BillingSources(
        subscriptions, customers, plans, new PeriodUsage(this::meter, usage::total));
    return new BillingRuns(
        database.vertx(),
        database.database(),
        new BillingRuns.Parts(sources, store, issuer, barrier, limits),
        ids,
        clock);
  }

  /** Starts a run, waits until it has ended, and gives its report. */
  public RunReport run(BillingRuns runs, UUID tenantId, RunRequest request) {
    BillingRun run = await(runs.start(tenantId, request));
    await(runs.finished(run.id()));
    return await(runs.report(tenantId, run.id().toString()));
  }

  public RunReport bill(UUID tenantId, String until) {
    return run(runs(), tenantId, new RunRequest(Instant.parse(until), false, true));
  }

  /** A new tenant with a SUM meter {@code tokens}, grouped by model. */
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
        new TreeMap<>(Map.of("model", JsonPath.parse("$.model", "groupBy"))),
        Map.of(),
        NOW,
        NOW);
    meters.put(
        tenantId,
        new ConcurrentHashMap<>(Map.of("tokens", tokens, tokens.id().toString(), tokens)));
    return tenantId;
  }

  public Future<Meter> meter(SqlConnection connection, UUID tenantId, String idOrKey) {
    Meter meter = meters.get(tenantId).get(idOrKey);
    return meter == null
        ? Future.failedFuture(new Refusal(MeteringError.METER_NOT_FOUND, "no meter " + idOrKey))
        : Future.succeededFuture(meter);
  }

  /** Loses the tenant's meters, so that bills with usage are refused. */
  public Map<String, Meter> hideMeters(UUID tenantId) {
    return meters.replace(tenantId, Map.of());
  }

  public void showMeters(UUID tenantId, Map<String, Meter> hidden) {
    meters.put(tenantId, hidden);
  }

  public void use(UUID tenantId, String subject, String time, long tokens) {
    use(tenantId, subject, "m1", time, tokens);
  }

  public void use(UUID tenantId, String subject, String model, String time, long tokens) {
    usage.add(
        meters.get(tenantId).get("tokens").id(), subject, model, time, String.valueOf(tokens));
  }

  /** Runs work in a transaction of the tenant and waits for it. */
  public <T> T in(UUID tenantId, Function<SqlConnection, Future<T>> work) {
    return await(database.database().inTenant(tenantId, work));
  }

  /** A monthly plan in USD from rate cards written with single quotes. */
  public Plan plan(UUID tenantId, String key, String... cards) {
    PlanDraft draft = new PlanDraft(
        key,
        "Plan " + key,
        Money.currency("USD", "currency"),
        BillingCycle.MONTHLY,
        Arrays.stream(cards)
            .map(card ->
                RateCardJson.readDraft(JsonFields.of(Json.parseOwn(card.replace('\'', '"')))))
            .toList());
    return in(tenantId, c -> plans.create(c, tenantId, draft));
  }

  public static String fee(String key, String amount) {
    return "{'key':'%s','type':'fee','price':{'model':'flat','amount':'%s'}}"
        .formatted(key, amount);
  }

  public static String tokens(String unitPrice) {
    return ("{'key':'tokens','type':'usage','meter':'tokens',"
            + "'price':{'model':'per_unit','unitPrice':'%s'}}")
        .formatted(unitPrice);
  }

  /** A customer with its key as its subject, subscribed to the plan since a time. */
  public Subscription subscribe(UUID tenantId, String key, Plan plan, String startedAt) {
    CustomerDraft draft = new CustomerDraft(
        key, "Customer " + key, null, plan.currency(), ZoneId.of("UTC"), List.of(key), null, null);
    return in(
        tenantId,
        c -> customers
            .create(c, tenantId, draft)
            .compose((Customer customer) -> subscriptions.create(
                c, new SubscriptionDraft(customer, plan, null, null, Instant.parse(startedAt)))));
  }

  /** All invoices of the tenant, oldest first. */
  public List<Invoice> all(UUID tenantId) {
    return await(
            invoices.list(tenantId, InvoiceFilter.ALL, InvoiceOrder.parse("createdAt"), 1_000, 0))
        .items();
  }

  /** The first column of a query, as text, seen by a superuser. */
  public List<String> look(String sql) {
    try (Connection connection = database.superuser();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      List<String> values = new ArrayList<>();
      while (rows.next()) {
        values.add(rows.getString(1));
      }
      return values;
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  /** Runs a statement as a superuser. */
  public void execute(String sql) {
    try (Connection connection = database.superuser();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  @Override
  public void close() {
    database.close();
  }
}
