package dev.weir.rating.subscription;

import static dev.weir.metering.database.TestDatabase.await;
import static dev.weir.rating.CatalogFixture.NOW;
import static dev.weir.rating.CatalogFixture.draft;
import static dev.weir.rating.CatalogFixture.fee;
import static dev.weir.rating.CatalogFixture.usage;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.metering.Refusal;
import dev.weir.rating.CatalogFixture;
import dev.weir.rating.Money;
import dev.weir.rating.RatingError;
import dev.weir.rating.Slice;
import dev.weir.rating.catalog.Customer;
import dev.weir.rating.catalog.CustomerDraft;
import dev.weir.rating.catalog.Plan;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SubscriptionStoreIT {

  private static final Instant START = Instant.parse("2026-01-31T08:30:59.999Z");

  private static CatalogFixture fixture;

  @BeforeAll
  static void open() {
    fixture = new CatalogFixture();
  }

  @AfterAll
  static void close() {
    fixture.close();
  }

  @Test
  void aSubscriptionIsReadBackAsCreatedAndItsStartIsCutToTheMinute() {
    UUID tenantId = fixture.tenant();
    Subscription made = subscribe(tenantId, "acme", START, fee("base", "99"));
    assertEquals(made, find(tenantId, made.id()));
    assertEquals(Instant.parse("2026-01-31T08:30:00Z"), made.startedAt());
    assertEquals(made.startedAt(), made.currentPeriodStart());
    assertEquals(Instant.parse("2026-02-28T08:30:00Z"), made.currentPeriodEnd());
    assertEquals(NOW, made.createdAt());
  }

  @Test
  void feesInAdvanceAreDueAtTheStartAndOnlyTheyAre() {
    UUID tenantId = fixture.tenant();
    Subscription advance = subscribe(tenantId, "a", START, fee("base", "1"));
    Subscription arrears = subscribe(tenantId, "b", START, usage("tokens", "1"));
    assertEquals(0, advance.nextBoundary());
    assertEquals(advance.startedAt(), advance.nextBoundaryAt());
    assertEquals(1, arrears.nextBoundary());
    assertEquals(arrears.currentPeriodEnd(), arrears.nextBoundaryAt());
    assertEquals(advance.currentPeriod(), arrears.currentPeriod());
  }

  @Test
  void withoutAStartItStartsNow() {
    UUID tenantId = fixture.tenant();
    Subscription made = subscribe(tenantId, "acme", null, fee("base", "1"));
    assertEquals(Instant.parse("2026-11-21T10:15:00Z"), made.startedAt());
  }

  @Test
  void aNewPlanVersionLeavesSubscriptionsOnTheirs() {
    UUID tenantId = fixture.tenant();
    Subscription made = subscribe(tenantId, "acme", START, fee("base", "1"));
    Plan next = fixture.plan(tenantId, made.planKey(), fee("base", "2"));
    assertEquals(2, next.version());
    Subscription found = find(tenantId, made.id());
    assertEquals(1, found.planVersion());
    Plan own =
        fixture.in(tenantId, c -> fixture.plans.find(c, tenantId, found.planId().toString()));
    assertEquals(1, own.version());
  }

  @Test
  void aCustomerInAnotherCurrencyIsRefused() {
    UUID tenantId = fixture.tenant();
    Customer yen =
        fixture.in(tenantId, c -> fixture.customers.create(c, tenantId, draft("jp", "JPY")));
    Plan plan = fixture.plan(tenantId, "pro", fee("base", "1"));
    assertRefused(
        RatingError.SUBSCRIPTION_CURRENCY_MISMATCH,
        "planId",
        new SubscriptionDraft(yen, plan, null, null, null));
  }

  @Test
  void aRequestThatDisagreesWithThePlanIsRefused() {
    UUID tenantId = fixture.tenant();
    Customer customer = fixture.customer(tenantId, "acme");
    Plan plan = fixture.plan(tenantId, "pro", fee("base", "1"));
    assertRefused(
        RatingError.SUBSCRIPTION_CURRENCY_MISMATCH,
        "currency",
        new SubscriptionDraft(customer, plan, null, Money.currency("EUR", "currency"), null));
    assertRefused(
        RatingError.SUBSCRIPTION_CYCLE_MISMATCH,
        "billingCycle",
        new SubscriptionDraft(customer, plan, BillingCycle.YEARLY, null, null));
    assertRefused(
        RatingError.SUBSCRIPTION_START_INVALID,
        "startedAt",
        new SubscriptionDraft(customer, plan, null, null, Instant.parse("1999-12-31T23:59:59Z")));
  }

  /** Where usage is kept by hours, periods must lie on hours. */
  @Test
  void aStartFromWhichUsageCannotBeToldIsRefused() throws SQLException {
    try (CatalogFixture own = new CatalogFixture()) {
      try (Connection connection = own.database.superuser();
          Statement statement = connection.createStatement()) {
        statement.execute(
            "UPDATE usage_rollup SET hours_to = '2026-06-01Z', days_to = '2026-06-01Z',"
                + " minutes_from = '2026-06-01Z'");
      }
      UUID tenantId = own.tenant();
      Plan usage = own.plan(tenantId, "usage", usage("tokens", "1"));
      Plan fees = own.plan(tenantId, "fees", fee("base", "1"));
      Customer utc = in(own, tenantId, "utc", "UTC");
      // Half an hour of daylight saving: from April on its periods begin within an hour of UTC.
      Customer island = in(own, tenantId, "island", "Australia/Lord_Howe");
      Customer hills = in(own, tenantId, "hills", "Asia/Kathmandu");
      Instant within = Instant.parse("2026-01-31T08:30:00Z");
      Instant whole = Instant.parse("2026-01-31T08:00:00Z");
      assertStartRefused(own, new SubscriptionDraft(utc, usage, null, null, within), within);
      assertStartRefused(
          own,
          new SubscriptionDraft(island, usage, null, null, whole),
          Instant.parse("2026-04-30T08:30:00Z"));
      create(own, new SubscriptionDraft(hills, usage, null, null, whole));
      create(own, new SubscriptionDraft(utc, usage, null, null, whole));
      create(own, new SubscriptionDraft(utc, fees, null, null, within));
      create(
          own,
          new SubscriptionDraft(island, usage, null, null, Instant.parse("2026-06-01T00:01:00Z")));
    }
  }

  private static Customer in(CatalogFixture own, UUID tenantId, String key, String zone) {
    CustomerDraft utc = draft(key, "USD");
    CustomerDraft there = new CustomerDraft(
        key, utc.name(), null, utc.currency(), ZoneId.of(zone), List.of(), null, null);
    return own.in(tenantId, c -> own.customers.create(c, tenantId, there));
  }

  private static Subscription create(CatalogFixture own, SubscriptionDraft draft) {
    return own.in(draft.customer().tenantId(), c -> own.subscriptions.create(c, draft));
  }

  private static void assertStartRefused(
      CatalogFixture own, SubscriptionDraft draft, Instant named) {
    Refusal refusal = assertThrows(Refusal.class, () -> create(own, draft));
    assertEquals(RatingError.SUBSCRIPTION_START_INVALID, refusal.code());
    assertEquals("startedAt", refusal.field());
    assertTrue(refusal.text().contains("a period would begin at " + named), refusal.text());
    assertTrue(refusal.text().contains("not before 2026-06-01T00:00:00Z"), refusal.text());
  }

  @ParameterizedTest
  @ValueSource(strings = {"nope", "0190b2f4-0000-7000-8000-000000000000"})
  void anUnknownSubscriptionIsNotFound(String id) {
    UUID tenantId = fixture.tenant();
    Refusal refusal = assertThrows(
        Refusal.class,
        () -> fixture.in(tenantId, c -> fixture.subscriptions.find(c, tenantId, id)));
    assertEquals(RatingError.SUBSCRIPTION_NOT_FOUND, refusal.code());
  }

  @Test
  void anotherTenantSeesAndBillsNothing() {
    UUID one = fixture.tenant();
    UUID other = fixture.tenant();
    Subscription ours = subscribe(one, "acme", START, fee("base", "1"));
    assertThrows(Refusal.class, () -> find(other, ours.id()));
    assertThrows(
        Refusal.class,
        () -> fixture.in(other, c -> fixture.subscriptions.lockForBilling(c, ours.id())));
    assertThrows(
        IllegalStateException.class,
        () -> fixture.in(other, c -> fixture.subscriptions.advance(c, ours)));
    assertEquals(List.of(), fixture.in(other, c -> fixture.subscriptions.due(c, NOW, null, 10)));
    assertEquals(ours, find(one, ours.id()));
  }

  @Test
  void listsFilterByCustomerAndStatus() {
    UUID tenantId = fixture.tenant();
    Subscription one = subscribe(tenantId, "one", START, fee("base", "1"));
    subscribe(tenantId, "two", START, fee("base", "1"));
    assertEquals(2, list(tenantId, SubscriptionFilter.ALL).total());
    Slice<Subscription> ofOne =
        list(tenantId, new SubscriptionFilter(one.customerId(), Subscription.Status.ACTIVE));
    assertEquals(List.of(one), ofOne.items());
    assertEquals(1, ofOne.total());
    assertEquals(
        0, list(tenantId, new SubscriptionFilter(UUID.randomUUID(), null)).total());
  }

  @Test
  void dueSubscriptionsComeInBatchesByIdUpToTheInstant() {
    UUID tenantId = fixture.tenant();
    List<UUID> expected = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      expected.add(subscribe(tenantId, "c" + i, START, usage("tokens", "1")).id());
    }
    expected.sort(null);
    Instant end = Instant.parse("2026-02-28T08:30:00Z");
    assertEquals(List.of(), due(tenantId, end.minusSeconds(1), null, 10));
    List<UUID> first = due(tenantId, end, null, 3);
    List<UUID> second = due(tenantId, end, first.get(2), 3);
    List<UUID> all = new ArrayList<>(first);
    all.addAll(second);
    // Signed comparison of UUID in Java and byte order in PostgreSQL agree for version 7 ids.
    assertEquals(expected, all);
    Future<List<Subscription>> asEngine =
        fixture.database.database().asEngine(c -> fixture.subscriptions.due(c, end, null, 1_000));
    assertTrue(await(asEngine).stream().map(Subscription::id).toList().containsAll(expected));
  }

  @Test
  void nothingThatIsStillToBeBilledBeginsBefore() {
    UUID tenantId = fixture.tenant();
    Instant start = Instant.parse("2000-02-29T08:30:00Z");
    Subscription oldest = subscribe(tenantId, "oldest", start, usage("tokens", "1"));
    for (int i = 0; i < 20; i++) {
      Instant from =
          await(fixture.database.database().asEngine(c -> fixture.subscriptions.unbilledFrom(c)));
      Instant begins = oldest.currentPeriodStart();
      assertFalse(from.isAfter(begins), from + " " + begins);
      assertFalse(from.isBefore(start), from.toString());
      assertTrue(Duration.between(from, begins).toDays() <= 5, from + " " + begins);
      oldest = advance(tenantId, oldest.id());
    }
  }

  @Test
  void advancingMovesToTheNextBoundaryOnceOnly() {
    UUID tenantId = fixture.tenant();
    Subscription made = subscribe(tenantId, "acme", START, fee("base", "1"));
    Subscription first = advance(tenantId, made.id());
    Subscription second = advance(tenantId, made.id());
    assertEquals(List.of(1, 2), List.of(first.nextBoundary(), second.nextBoundary()));
    assertEquals(Instant.parse("2026-02-28T08:30:00Z"), first.nextBoundaryAt());
    assertEquals(Instant.parse("2026-03-31T08:30:00Z"), second.nextBoundaryAt());
    assertEquals(second, find(tenantId, made.id()));
    assertEquals(first.currentPeriodEnd(), second.currentPeriodStart());
    assertThrows(
        IllegalStateException.class,
        () -> fixture.in(tenantId, c -> fixture.subscriptions.advance(c, made)));
    assertEquals(second, find(tenantId, made.id()));
  }

  @Test
  void aLockedSubscriptionMakesTheNextBillerWait() {
    UUID tenantId = fixture.tenant();
    Subscription made = subscribe(tenantId, "acme", START, fee("base", "1"));
    AtomicInteger order = new AtomicInteger();
    Promise<Void> release = Promise.promise();
    Promise<Void> locked = Promise.promise();
    Future<Integer> first = fixture
        .database
        .database()
        .inTenant(
            tenantId,
            c -> fixture.subscriptions.lockForBilling(c, made.id()).compose(subscription -> {
              locked.complete();
              return release.future().compose(go -> {
                int place = order.incrementAndGet();
                return fixture.subscriptions.advance(c, subscription).map(done -> place);
              });
            }));
    await(locked.future());
    Future<Subscription> second = fixture
        .database
        .database()
        .inTenant(
            tenantId,
            c -> fixture
                .subscriptions
                .lockForBilling(c, made.id())
                .onSuccess(read -> order.incrementAndGet()));
    assertFalse(second.isComplete());
    release.complete();
    assertEquals(1, await(first));
    assertEquals(1, await(second).nextBoundary());
    assertEquals(2, order.get());
  }

  private static Subscription advance(UUID tenantId, UUID id) {
    return fixture.in(
        tenantId,
        c -> fixture
            .subscriptions
            .lockForBilling(c, id)
            .compose(locked -> fixture.subscriptions.advance(c, locked)));
  }

  private static List<UUID> due(UUID tenantId, Instant until, UUID after, int limit) {
    return fixture.in(tenantId, c -> fixture.subscriptions.due(c, until, after, limit)).stream()
        .map(Subscription::id)
        .toList();
  }

  private static Slice<Subscription> list(UUID tenantId, SubscriptionFilter filter) {
    return fixture.in(tenantId, c -> fixture.subscriptions.list(c, tenantId, filter, 10, 0));
  }

  private static Subscription subscribe(
      UUID tenantId, String customer, Instant start, String card) {
    Customer who = fixture.customer(tenantId, customer);
    Plan plan = fixture.plan(tenantId, "plan-of-" + customer, card);
    return fixture.in(
        tenantId,
        c -> fixture.subscriptions.create(c, new SubscriptionDraft(who, plan, null, null, start)));
  }

  private static Subscription find(UUID tenantId, UUID id) {
    return fixture.in(tenantId, c -> fixture.subscriptions.find(c, tenantId, id.toString()));
  }

  private static void assertRefused(
      RatingError code, String field, SubscriptionDraft subscription) {
    Refusal refusal = assertThrows(
        Refusal.class,
        () -> fixture.in(
            subscription.customer().tenantId(),
            c -> fixture.subscriptions.create(c, subscription)));
    assertEquals(code, refusal.code());
    assertEquals(field, refusal.field());
  }
}
