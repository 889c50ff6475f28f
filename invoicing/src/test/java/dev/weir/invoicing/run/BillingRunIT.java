package dev.weir.invoicing.run;

import static dev.weir.invoicing.BillingFixture.fee;
import static dev.weir.invoicing.BillingFixture.tokens;
import static dev.weir.metering.database.TestDatabase.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.invoicing.BillingFixture;
import dev.weir.invoicing.Invoice;
import dev.weir.invoicing.InvoiceItem;
import dev.weir.invoicing.InvoiceStatus;
import dev.weir.invoicing.InvoicingError;
import dev.weir.metering.Refusal;
import dev.weir.metering.meter.Meter;
import dev.weir.rating.catalog.Plan;
import dev.weir.rating.subscription.Subscription;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.pgclient.PgException;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class BillingRunIT {

  private static BillingFixture fixture;

  @BeforeAll
  static void open() {
    fixture = new BillingFixture();
  }

  @AfterAll
  static void close() {
    fixture.close();
  }

  @Test
  void dueSubscriptionsAreInvoicedAndOthersLeftAlone() {
    UUID tenant = fixture.tenant();
    Plan plan = fixture.plan(tenant, "pro", fee("base", "99.00"), tokens("0.000002"));
    for (int i = 0; i < 10; i++) {
      fixture.subscribe(tenant, "c" + i, plan, "2026-10-01T00:00:00Z");
      fixture.use(tenant, "c" + i, "2026-10-15T12:00:00Z", 1_000_000L * i);
    }
    fixture.subscribe(tenant, "late", plan, "2026-11-10T00:00:00Z");

    RunReport report = fixture.bill(tenant, "2026-11-01T00:00:00Z");

    assertEquals(RunState.DONE, report.run().state());
    assertEquals(new RunCounts(10L, 20, 0, 0, 0), report.counts());
    assertEquals(1, report.totals().size());
    assertEquals(20, report.totals().get(0).invoices());
    assertEquals("2070.00 USD", report.totals().get(0).amount().toString());
    assertNotNull(report.run().startedAt());
    assertNotNull(report.run().finishedAt());
    List<Invoice> invoices = fixture.all(tenant);
    assertEquals(20, invoices.size());
    assertEquals(numbers(1, 20), sortedNumbers(invoices));
    assertTrue(invoices.stream().allMatch(one -> one.status() == InvoiceStatus.OPEN));
  }

  @Test
  void aSecondRunFindsNothingToDo() {
    UUID tenant = fixture.tenant();
    Plan plan = fixture.plan(tenant, "pro", fee("base", "5"));
    fixture.subscribe(tenant, "acme", plan, "2026-10-01T00:00:00Z");
    fixture.bill(tenant, "2026-11-01T00:00:00Z");
    List<Invoice> before = fixture.all(tenant);

    RunReport report = fixture.bill(tenant, "2026-11-01T00:00:00Z");

    assertEquals(RunState.DONE, report.run().state());
    assertEquals(new RunCounts(0L, 0, 0, 0, 0), report.counts());
    assertEquals(before, fixture.all(tenant));
  }

  @Test
  void aSubscriptionIsCaughtUpPeriodByPeriod() {
    UUID tenant = fixture.tenant();
    Plan plan = fixture.plan(tenant, "pro", fee("base", "10.00"), tokens("0.01"));
    Subscription subscription = fixture.subscribe(tenant, "acme", plan, "2026-08-21T00:00:00Z");
    fixture.use(tenant, "acme", "2026-08-21T00:00:00Z", 100);
    fixture.use(tenant, "acme", "2026-09-20T23:59:00Z", 1);
    fixture.use(tenant, "acme", "2026-09-21T00:00:00Z", 200);
    fixture.use(tenant, "acme", "2026-10-30T00:00:00Z", 300);
    fixture.use(tenant, "acme", "2026-11-21T00:00:00Z", 5_000);
    fixture.use(tenant, "someone-else", "2026-10-30T00:00:00Z", 7_000);

    fixture.bill(tenant, "2026-11-21T00:00:00Z");

    List<Invoice> invoices = fixture.all(tenant).stream()
        .sorted(Comparator.comparing(one -> one.origin().boundary()))
        .toList();
    assertEquals(
        List.of(0, 1, 2, 3), invoices.stream().map(i -> i.origin().boundary()).toList());
    assertEquals(
        List.of("10.00", "11.01", "12.00", "13.00"),
        invoices.stream().map(i -> i.amounts().total().toPlainString()).toList());
    assertEquals(numbers(1, 4), invoices.stream().map(Invoice::invoiceNumber).toList());
    assertEquals(Instant.parse("2026-08-21T00:00:00Z"), invoices.get(1).periodStart());
    assertEquals(Instant.parse("2026-09-21T00:00:00Z"), invoices.get(1).periodEnd());
    Subscription after = fixture.in(
        tenant, c -> fixture.subscriptions.find(c, tenant, subscription.id().toString()));
    assertEquals(4, after.nextBoundary());
    List<InvoiceItem> items =
        await(fixture.invoices.items(tenant, invoices.get(1).id().toString())).items();
    assertEquals(
        List.of("tokens", "base"), items.stream().map(InvoiceItem::rateCardKey).toList());
    assertEquals("101", items.get(0).quantity().toString());
  }

  @Test
  void aPeriodWithoutUsageIsInvoicedOverZero() {
    UUID tenant = fixture.tenant();
    Plan plan = fixture.plan(tenant, "payg", tokens("0.01"));
    fixture.subscribe(tenant, "idle", plan, "2026-10-01T00:00:00Z");

    RunReport report = fixture.bill(tenant, "2026-11-01T00:00:00Z");

    assertEquals(1, report.counts().invoiced());
    assertEquals("0.00", fixture.all(tenant).get(0).amounts().total().toPlainString());
  }

  @Test
  void aFirstBoundaryWithNothingToBillIsPassedWithoutAnInvoice() {
    UUID tenant = fixture.tenant();
    Plan plan = fixture.plan(tenant, "payg", tokens("0.01"));
    Subscription subscription = fixture.subscribe(tenant, "acme", plan, "2026-10-01T00:00:00Z");
    fixture.execute("""
        UPDATE subscriptions SET next_boundary = 0, next_boundary_at = started_at
        WHERE subscription_id = '%s'
        """.formatted(subscription.id()));

    RunReport report = fixture.bill(tenant, "2026-11-01T00:00:00Z");

    assertEquals(new RunCounts(1L, 1, 1, 0, 0), report.counts());
    assertEquals(1, fixture.all(tenant).size());
  }

  @Test
  void aRefusedBillParksItsSubscriptionUntilTheNextRun() {
    UUID tenant = fixture.tenant();
    Plan metered = fixture.plan(tenant, "metered", tokens("0.01"));
    Plan flat = fixture.plan(tenant, "flat", fee("base", "5"));
    Subscription stuck = fixture.subscribe(tenant, "stuck", metered, "2026-10-01T00:00:00Z");
    fixture.subscribe(tenant, "fine", flat, "2026-10-01T00:00:00Z");
    Map<String, Meter> hidden = fixture.hideMeters(tenant);

    RunReport report = fixture.bill(tenant, "2026-11-01T00:00:00Z");

    assertEquals(RunState.DONE, report.run().state());
    assertEquals(new RunCounts(2L, 2, 0, 1, 0), report.counts());
    RunReport.Parked parked = report.parked().get(0);
    assertEquals(stuck.id(), parked.subscriptionId());
    assertEquals(stuck.customerId(), parked.customerId());
    assertEquals(1, parked.boundary());
    assertEquals("METER_NOT_FOUND", parked.code());
    assertTrue(parked.refused());

    fixture.showMeters(tenant, hidden);
    RunReport next = fixture.bill(tenant, "2026-11-01T00:00:00Z");
    assertEquals(new RunCounts(1L, 1, 0, 0, 0), next.counts());
    assertEquals(numbers(1, 3), sortedNumbers(fixture.all(tenant)));
  }

  @Test
  void aTotalBeyondReasonParks() {
    UUID tenant = fixture.tenant();
    Plan dear = fixture.plan(tenant, "dear", tokens("100000000"));
    fixture.subscribe(tenant, "typo", dear, "2026-10-01T00:00:00Z");
    fixture.use(tenant, "typo", "2026-10-02T00:00:00Z", 1_000_000);

    RunReport report = fixture.bill(tenant, "2026-11-01T00:00:00Z");

    assertEquals("INVOICE_TOTAL_OUT_OF_BOUNDS", report.parked().get(0).code());
    assertEquals(List.of(), fixture.all(tenant));
  }

  @Test
  void anUnexpectedFailureOfOneBillLeavesTheOthersAlone() {
    UUID tenant = fixture.tenant();
    Plan flat = fixture.plan(tenant, "flat", fee("base", "5"));
    Subscription broken = fixture.subscribe(tenant, "broken", flat, "2026-10-01T00:00:00Z");
    fixture.subscribe(tenant, "fine", flat, "2026-10-01T00:00:00Z");
    // Someone wrote an invoice for the boundary by hand: the run must not write a second.
    fixture.bill(tenant, "2026-10-01T00:00:00Z");
    fixture.execute("""
        UPDATE subscriptions SET next_boundary = 0, next_boundary_at = started_at
        WHERE subscription_id = '%s'
        """.formatted(broken.id()));

    RunReport report = fixture.bill(tenant, "2026-11-01T00:00:00Z");

    assertEquals(new RunCounts(2L, 1, 0, 0, 1), report.counts());
    assertEquals("INVOICE_BILL_FAILED", report.parked().get(0).code());
    assertEquals(numbers(1, 3), sortedNumbers(fixture.all(tenant)));
  }

  @Test
  void aDryRunWritesOnlyItsReport() {
    UUID tenant = fixture.tenant();
    Plan plan = fixture.plan(tenant, "pro", fee("base", "10"), tokens("0.01"));
    fixture.subscribe(tenant, "acme", plan, "2026-08-01T00:00:00Z");
    fixture.subscribe(tenant, "beta", plan, "2026-10-01T00:00:00Z");
    fixture.use(tenant, "acme", "2026-08-05T00:00:00Z", 150);
    List<String> before = state(tenant);

    RunReport report = fixture.run(
        fixture.runs(), tenant, new RunRequest(Instant.parse("2026-11-01T00:00:00Z"), true, true));

    assertEquals(before, state(tenant));
    assertEquals(new RunCounts(2L, 6, 0, 0, 0), report.counts());
    assertEquals("61.50 USD", report.totals().get(0).amount().toString());
    assertEquals(6, report.preview().size());
    RunReport real = fixture.bill(tenant, "2026-11-01T00:00:00Z");
    assertEquals(report.totals(), real.totals());
    assertEquals(report.counts(), real.counts());
    assertEquals(List.of(), real.preview());
  }

  private static List<String> state(UUID tenant) {
    return fixture.look("""
        SELECT row_to_json(s)::text FROM subscriptions s WHERE tenant_id = '%1$s'
        UNION ALL SELECT row_to_json(i)::text FROM invoices i WHERE tenant_id = '%1$s'
        UNION ALL SELECT row_to_json(i)::text FROM invoice_items i WHERE tenant_id = '%1$s'
        UNION ALL SELECT row_to_json(n)::text FROM invoice_numbers n WHERE tenant_id = '%1$s'
        ORDER BY 1
        """.formatted(tenant));
  }

  @Test
  void aRunMayLeaveDraftsWhichAreFinalisedLater() {
    UUID tenant = fixture.tenant();
    Plan plan = fixture.plan(tenant, "flat", fee("base", "5"));
    fixture.subscribe(tenant, "acme", plan, "2026-11-01T00:00:00Z");

    fixture.run(
        fixture.runs(),
        tenant,
        new RunRequest(Instant.parse("2026-11-01T00:00:00Z"), false, false));

    Invoice draft = fixture.all(tenant).get(0);
    assertEquals(InvoiceStatus.DRAFT, draft.status());
    assertNull(draft.invoiceNumber());
    Invoice open = await(fixture.invoices.finalizeDraft(tenant, draft.id().toString()));
    assertEquals("INV-000001", open.invoiceNumber());
    assertEquals(List.of(open), fixture.all(tenant));
  }

  @Test
  void aRunIntoTheFutureIsRefused() {
    UUID tenant = fixture.tenant();

    Refusal refusal =
        assertThrows(Refusal.class, () -> fixture.bill(tenant, "2026-11-21T10:15:01Z"));

    assertEquals(InvoicingError.RUN_UNTIL_IN_FUTURE, refusal.code());
    assertEquals("until", refusal.field());
  }

  @Test
  void oneRunPerTenantWorksAtATime() {
    UUID tenant = fixture.tenant();
    UUID other = fixture.tenant();
    Promise<Void> visible = Promise.promise();
    BillingRuns runs = fixture.runs(visible::future, new RunLimits(4, 3, 30_000, 5, 20));
    RunRequest request = new RunRequest(Instant.parse("2026-11-01T00:00:00Z"), false, true);

    BillingRun first = await(runs.start(tenant, request));
    Refusal refusal = assertThrows(Refusal.class, () -> await(runs.start(tenant, request)));
    BillingRun elsewhere = await(runs.start(other, request));

    assertEquals(InvoicingError.RUN_IN_PROGRESS, refusal.code());
    visible.complete();
    await(runs.finished(first.id()));
    await(runs.finished(elsewhere.id()));
    assertEquals(RunState.DONE, fixture.run(runs, tenant, request).run().state());
  }

  @Test
  void aRunFailsWhenUsageDoesNotBecomeVisible() {
    UUID tenant = fixture.tenant();
    Plan plan = fixture.plan(tenant, "flat", fee("base", "5"));
    fixture.subscribe(tenant, "acme", plan, "2026-10-01T00:00:00Z");
    RunRequest request = new RunRequest(Instant.parse("2026-11-01T00:00:00Z"), false, true);

    BillingRun late = fixture
        .run(fixture.runs(() -> Promise.<Void>promise().future()), tenant, request)
        .run();
    BillingRun broken = fixture
        .run(
            fixture.runs(() -> Future.failedFuture(new IllegalStateException("stopped"))),
            tenant,
            request)
        .run();

    assertEquals(RunState.FAILED, late.state());
    assertNotNull(late.error());
    assertEquals("RUN_USAGE_NOT_VISIBLE", late.error().code());
    assertEquals(RunState.FAILED, broken.state());
    assertEquals(List.of(), fixture.all(tenant));
    assertEquals(2, fixture.bill(tenant, "2026-11-01T00:00:00Z").counts().invoiced());
  }

  @Test
  void anotherTenantSeesNothing() {
    UUID tenant = fixture.tenant();
    UUID other = fixture.tenant();
    Plan plan = fixture.plan(tenant, "flat", fee("base", "5"));
    fixture.subscribe(tenant, "acme", plan, "2026-10-01T00:00:00Z");
    RunReport report = fixture.bill(tenant, "2026-11-01T00:00:00Z");
    String invoiceId = fixture.all(tenant).get(0).id().toString();

    assertEquals(List.of(), fixture.all(other));
    assertEquals(0, await(fixture.runs().list(other, 10, 0)).total());
    Refusal noRun = assertThrows(
        Refusal.class,
        () -> await(fixture.runs().report(other, report.run().id().toString())));
    assertEquals(InvoicingError.RUN_NOT_FOUND, noRun.code());
    Refusal noInvoice =
        assertThrows(Refusal.class, () -> await(fixture.invoices.find(other, invoiceId)));
    assertEquals(InvoicingError.INVOICE_NOT_FOUND, noInvoice.code());
    for (String table : List.of(
        "invoices",
        "invoice_items",
        "invoice_numbers",
        "billing_runs",
        "billing_run_boundaries",
        "billing_parked")) {
      long seen = fixture.in(
          other,
          c -> c.query("SELECT count(*) FROM " + table)
              .execute()
              .map(rows -> rows.iterator().next().getLong(0)));
      assertEquals(0, seen, table);
    }
    assertThrows(
        PgException.class,
        () -> fixture.in(
            other,
            c -> c.query("INSERT INTO invoice_numbers (tenant_id, last_number) VALUES ('%s', 9)"
                    .formatted(tenant))
                .execute()));
  }

  @Test
  void unknownRunsAreRefused() {
    UUID tenant = fixture.tenant();
    for (String id : List.of("nonsense", UUID.randomUUID().toString())) {
      Refusal refusal = assertThrows(Refusal.class, () -> await(fixture.runs().report(tenant, id)));
      assertEquals(InvoicingError.RUN_NOT_FOUND, refusal.code());
    }
  }

  static List<String> numbers(int from, int to) {
    return java.util.stream.IntStream.rangeClosed(from, to)
        .mapToObj("INV-%06d"::formatted)
        .toList();
  }

  static List<String> sortedNumbers(List<Invoice> invoices) {
    return invoices.stream().map(Invoice::invoiceNumber).sorted().toList();
  }
}
