package dev.weir.invoicing.number;

import static dev.weir.invoicing.BillingFixture.fee;
import static dev.weir.metering.database.TestDatabase.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.invoicing.BillingFixture;
import dev.weir.invoicing.Invoice;
import dev.weir.invoicing.InvoicingError;
import dev.weir.invoicing.run.RunRequest;
import dev.weir.metering.Refusal;
import dev.weir.rating.catalog.Plan;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class InvoiceNumbersIT {

  private static BillingFixture fixture;

  @BeforeAll
  static void open() {
    fixture = new BillingFixture();
  }

  @AfterAll
  static void close() {
    fixture.close();
  }

  private static List<Invoice> drafts(UUID tenant, int count) {
    Plan plan = fixture.plan(tenant, "flat", fee("base", "5"));
    for (int i = 0; i < count; i++) {
      fixture.subscribe(tenant, "c" + i, plan, "2026-11-01T00:00:00Z");
    }
    fixture.run(
        fixture.runs(),
        tenant,
        new RunRequest(Instant.parse("2026-11-01T00:00:00Z"), false, false));
    return fixture.all(tenant);
  }

  @Test
  void parallelFinalisationsOfWhichSomeRollBackLeaveNoGap() {
    UUID tenant = fixture.tenant();
    List<Future<Invoice>> attempts = new ArrayList<>();
    List<Invoice> drafts = drafts(tenant, 32);
    for (int i = 0; i < drafts.size(); i++) {
      Invoice draft = drafts.get(i);
      boolean rollsBack = i % 3 == 1;
      attempts.add(fixture
          .database
          .database()
          .inTenant(
              tenant,
              connection -> fixture
                  .store
                  .lock(connection, tenant, draft.id().toString())
                  .compose(locked -> fixture.issuer.issue(connection, locked))
                  .compose(open -> rollsBack
                      ? Future.failedFuture(new IllegalStateException("rolled back"))
                      : Future.succeededFuture(open))));
    }
    Future.join(attempts)
        .otherwiseEmpty()
        .toCompletionStage()
        .toCompletableFuture()
        .join();

    List<String> given = fixture.all(tenant).stream()
        .filter(invoice -> invoice.issue() != null)
        .map(Invoice::invoiceNumber)
        .sorted()
        .toList();

    assertEquals(21, given.size());
    assertEquals(IntStream.rangeClosed(1, 21).mapToObj("INV-%06d"::formatted).toList(), given);
    assertEquals(
        21, attempts.stream().filter(Future::succeeded).count(), "what was told is what is");
  }

  @Test
  void theSameInvoiceIsFinalisedOnce() {
    UUID tenant = fixture.tenant();
    String id = drafts(tenant, 1).get(0).id().toString();
    List<Future<Invoice>> attempts = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      attempts.add(fixture.invoices.finalizeDraft(tenant, id));
    }
    Future.join(attempts)
        .otherwiseEmpty()
        .toCompletionStage()
        .toCompletableFuture()
        .join();

    assertEquals(1, attempts.stream().filter(Future::succeeded).count());
    assertTrue(attempts.stream()
        .filter(Future::failed)
        .allMatch(one -> one.cause() instanceof Refusal refusal
            && refusal.code() == InvoicingError.INVOICE_STATUS_REFUSED));
    assertEquals(
        List.of("1"),
        fixture.look(
            "SELECT last_number FROM invoice_numbers WHERE tenant_id = '%s'".formatted(tenant)));
  }

  @Test
  void tenantsCountOnTheirOwn() {
    UUID one = fixture.tenant();
    UUID two = fixture.tenant();

    assertEquals("INV-000001", fixture.in(one, c -> new InvoiceNumbers().take(c, one)));
    assertEquals("INV-000002", fixture.in(one, c -> new InvoiceNumbers().take(c, one)));
    assertEquals("INV-000001", fixture.in(two, c -> new InvoiceNumbers().take(c, two)));
  }

  @Test
  void aTenantMayHaveItsOwnPrefix() {
    UUID tenant = fixture.tenant();
    fixture.execute("INSERT INTO invoice_numbers (tenant_id, prefix, last_number)"
        + " VALUES ('%s', '2026/', 41)".formatted(tenant));

    assertEquals(
        "2026/000042",
        await(fixture
            .database
            .database()
            .inTenant(tenant, c -> new InvoiceNumbers().take(c, tenant))));
  }
}
