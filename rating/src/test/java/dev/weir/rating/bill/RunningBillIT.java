package dev.weir.rating.bill;

import static dev.weir.metering.database.TestDatabase.await;
import static dev.weir.rating.CatalogFixture.NOW;
import static dev.weir.rating.CatalogFixture.fee;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.weir.metering.Quantity;
import dev.weir.metering.Refusal;
import dev.weir.metering.usage.UsageQuery;
import dev.weir.rating.CatalogFixture;
import dev.weir.rating.RatingError;
import dev.weir.rating.catalog.Customer;
import dev.weir.rating.catalog.Plan;
import dev.weir.rating.subscription.Subscription;
import dev.weir.rating.subscription.SubscriptionDraft;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class RunningBillIT {

  private static final String FILTERED =
      "{'key':'m1','type':'usage','meter':'tokens','filter':{'model':'m1'},"
          + "'price':{'model':'per_unit','unitPrice':'0.0015'}}";

  private static CatalogFixture fixture;
  private static RunningBill bills;
  private static final List<UsageQuery> ASKED = new CopyOnWriteArrayList<>();

  @BeforeAll
  static void open() {
    fixture = new CatalogFixture();
    bills = new RunningBill(
        fixture.database.database(),
        fixture.subscriptions,
        fixture.customers,
        fixture.plans,
        new PeriodUsage(fixture::meter, RunningBillIT::total),
        fixture.clock);
  }

  @AfterAll
  static void close() {
    fixture.close();
  }

  @BeforeEach
  void forget() {
    ASKED.clear();
  }

  /** Usage as if 1,001 tokens had been metered. */
  private static Future<Quantity> total(SqlConnection connection, UsageQuery query) {
    ASKED.add(query);
    return Future.succeededFuture(Quantity.of(1_001));
  }

  @Test
  void theBillCoversTheCurrentPeriodOfTheCustomersSubjects() {
    UUID tenantId = fixture.tenant();
    Subscription subscription =
        subscribe(tenantId, fixture.customer(tenantId, "acme", "s1", "s2"), FILTERED);
    RunningBill.Snapshot snapshot =
        await(bills.of(tenantId, subscription.id().toString(), () -> "0:4711"));
    assertEquals("0:4711", snapshot.position());
    assertEquals(NOW, snapshot.asOf());
    assertEquals(subscription.currentPeriodStart(), snapshot.bill().from());
    assertEquals(subscription.currentPeriodEnd(), snapshot.bill().to());
    assertEquals("100.50 USD", snapshot.bill().total().toString());
    UsageQuery query = ASKED.get(0);
    assertEquals(1, ASKED.size());
    assertEquals(Set.of("s1", "s2"), query.subjects());
    assertEquals(Map.of("model", Set.of("m1")), query.filterGroupBy());
    assertEquals(subscription.currentPeriodStart(), query.from());
    assertEquals(subscription.currentPeriodEnd(), query.to());
  }

  @Test
  void aCustomerWithoutSubjectsHasNoUsageAndIsNotAskedAbout() {
    UUID tenantId = fixture.tenant();
    Subscription subscription = subscribe(tenantId, fixture.customer(tenantId, "acme"), FILTERED);
    Bill bill =
        await(bills.of(tenantId, subscription.id().toString(), () -> "")).bill();
    assertEquals("99.00 USD", bill.total().toString());
    assertEquals(List.of(), ASKED);
  }

  @Test
  void anotherTenantsBillIsNotFound() {
    UUID tenantId = fixture.tenant();
    UUID other = fixture.tenant();
    Subscription subscription = subscribe(tenantId, fixture.customer(tenantId, "acme"), FILTERED);
    Refusal refusal = assertThrows(
        Refusal.class, () -> await(bills.of(other, subscription.id().toString(), () -> "")));
    assertEquals(RatingError.SUBSCRIPTION_NOT_FOUND, refusal.code());
  }

  @Test
  void afterABoundaryIsBilledTheNextPeriodIsCurrent() {
    UUID tenantId = fixture.tenant();
    Subscription started = subscribe(tenantId, fixture.customer(tenantId, "acme", "s1"), FILTERED);
    Subscription next = fixture.in(
        tenantId,
        c -> fixture
            .subscriptions
            .advance(c, started)
            .compose(advanced -> fixture.subscriptions.advance(c, advanced)));
    Bill bill = await(bills.of(tenantId, next.id().toString(), () -> "")).bill();
    assertEquals(started.currentPeriodEnd(), bill.from());
    assertEquals(Instant.parse("2026-03-31T00:00:00Z"), bill.to());
  }

  private static Subscription subscribe(UUID tenantId, Customer customer, String card) {
    Plan plan = fixture.plan(tenantId, "pro", fee("base", "99"), card);
    return fixture.in(
        tenantId,
        c -> fixture.subscriptions.create(
            c,
            new SubscriptionDraft(
                customer, plan, null, null, Instant.parse("2026-01-31T00:00:00Z"))));
  }
}
