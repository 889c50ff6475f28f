package dev.weir.invoicing;

import static dev.weir.invoicing.BillingFixture.fee;
import static dev.weir.metering.database.TestDatabase.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.weir.invoicing.run.RunRequest;
import dev.weir.metering.Refusal;
import dev.weir.rating.Slice;
import dev.weir.rating.catalog.Plan;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class InvoicesIT {

  private static BillingFixture fixture;
  private static UUID tenant;

  /** Four invoices a day apart: number, customer, total are 1 a 10, 2 b 20, 3 c 30, draft d 5. */
  @BeforeAll
  static void open() {
    fixture = new BillingFixture();
    tenant = fixture.tenant();
    fixture.now.set(Instant.parse("2026-10-01T00:00:00Z"));
    invoice("a", "10", true);
    invoice("b", "20", true);
    invoice("c", "30", true);
    invoice("d", "5", false);
  }

  private static void invoice(String key, String amount, boolean finalizes) {
    Plan plan = fixture.plan(tenant, "plan-" + key, fee("base", amount));
    fixture.subscribe(tenant, key, plan, fixture.now.get().toString());
    fixture.run(fixture.runs(), tenant, new RunRequest(fixture.now.get(), false, finalizes));
    fixture.now.updateAndGet(now -> now.plus(Duration.ofDays(1)));
  }

  @AfterAll
  static void close() {
    fixture.close();
  }

  private static List<String> names(InvoiceFilter filter, String order) {
    return slice(filter, order, 10, 0).items().stream().map(InvoicesIT::name).toList();
  }

  private static Slice<Invoice> slice(InvoiceFilter filter, String order, int limit, int offset) {
    return await(fixture.invoices.list(tenant, filter, InvoiceOrder.parse(order), limit, offset));
  }

  private static String name(Invoice invoice) {
    return invoice.billTo().key();
  }

  private static InvoiceFilter search(String text) {
    return new InvoiceFilter(null, null, null, null, null, text);
  }

  @Test
  void listsAreSortedEitherWay() {
    assertEquals(List.of("a", "b", "c", "d"), names(InvoiceFilter.ALL, "createdAt"));
    assertEquals(List.of("d", "c", "b", "a"), names(InvoiceFilter.ALL, "-createdAt"));
    assertEquals(List.of("d", "a", "b", "c"), names(InvoiceFilter.ALL, "totalAmount"));
    assertEquals(List.of("c", "b", "a", "d"), names(InvoiceFilter.ALL, "-dueDate"));
  }

  @Test
  void theOldestPeriodThatMayStillChangeIsThatOfADraft() {
    Invoice draft = slice(
            new InvoiceFilter(InvoiceStatus.DRAFT, null, null, null, null, null), "createdAt", 1, 0)
        .items()
        .get(0);

    assertEquals(
        draft.periodStart(),
        await(fixture.database.database().asEngine(fixture.store::draftsFrom)));
  }

  @Test
  void listsAreCutIntoPagesThatKnowTheTotal() {
    Slice<Invoice> page = slice(InvoiceFilter.ALL, "createdAt", 2, 2);

    assertEquals(List.of("c", "d"), page.items().stream().map(InvoicesIT::name).toList());
    assertEquals(4, page.total());
    assertEquals(4, slice(InvoiceFilter.ALL, "createdAt", 2, 100).total());
  }

  @Test
  void listsAreFiltered() {
    Invoice b = slice(search("customer B"), "createdAt", 1, 0).items().get(0);

    assertEquals(
        List.of("d"),
        names(new InvoiceFilter(InvoiceStatus.DRAFT, null, null, null, null, null), "createdAt"));
    assertEquals(
        List.of("b"),
        names(
            new InvoiceFilter(null, b.billTo().customerId(), null, null, null, null), "createdAt"));
    assertEquals(
        List.of("b"),
        names(
            new InvoiceFilter(null, null, b.origin().subscriptionId(), null, null, null),
            "createdAt"));
    assertEquals(
        List.of("b", "c"),
        names(
            new InvoiceFilter(
                null,
                null,
                null,
                Instant.parse("2026-10-02T00:00:00Z"),
                Instant.parse("2026-10-04T00:00:00Z"),
                null),
            "createdAt"));
  }

  @Test
  void searchLooksAtNumberAndNameAndTakesNoWildcards() {
    assertEquals(List.of("b"), names(search("inv-000002"), "createdAt"));
    assertEquals(List.of("c"), names(search("R C"), "createdAt"));
    assertEquals(List.of("a", "b", "c", "d"), names(search("customer"), "createdAt"));
    assertEquals(List.of(), names(search("%"), "createdAt"));
    assertEquals(List.of(), names(search("_"), "createdAt"));
    assertEquals(List.of(), names(search("'; DROP TABLE invoices; --"), "createdAt"));
  }

  @Test
  void anInvoiceIsFoundByIdAndByNumber() {
    Invoice byNumber = await(fixture.invoices.find(tenant, "INV-000001"));

    assertEquals("a", name(byNumber));
    assertEquals(byNumber, await(fixture.invoices.find(tenant, byNumber.id().toString())));
    for (String unknown : List.of("INV-000099", UUID.randomUUID().toString(), "", "x y")) {
      Refusal refusal =
          assertThrows(Refusal.class, () -> await(fixture.invoices.find(tenant, unknown)));
      assertEquals(InvoicingError.INVOICE_NOT_FOUND, refusal.code());
    }
  }

  @Test
  void transitionsAreKept() {
    UUID own = fixture.tenant();
    Plan plan = fixture.plan(own, "flat", fee("base", "10"));
    fixture.subscribe(own, "a", plan, "2026-10-01T00:00:00Z");
    fixture.subscribe(own, "b", plan, "2026-10-01T00:00:00Z");
    fixture.bill(own, "2026-10-01T00:00:00Z");

    Invoice voided = await(fixture.invoices.voidOpen(own, "INV-000001", "a mistake"));
    Invoice lost = await(fixture.invoices.markUncollectible(own, "INV-000002", null));

    assertEquals(voided, await(fixture.invoices.find(own, "INV-000001")));
    assertEquals("a mistake", voided.standing().reason());
    assertEquals("0.00", voided.amounts().due().toPlainString());
    assertEquals(lost, await(fixture.invoices.find(own, "INV-000002")));
    assertEquals("10.00", lost.amounts().due().toPlainString());
    Refusal refusal =
        assertThrows(Refusal.class, () -> await(fixture.invoices.finalizeDraft(own, "INV-000001")));
    assertEquals(InvoicingError.INVOICE_STATUS_REFUSED, refusal.code());
    assertThrows(Refusal.class, () -> await(fixture.invoices.voidOpen(own, "INV-000001", null)));
    // A void invoice keeps its period: billing again makes no second one.
    assertEquals(0, fixture.bill(own, "2026-10-01T00:00:00Z").counts().invoiced());
  }

  @Test
  void theBillToIsWhatTheCustomerWasWhenBilled() {
    fixture.execute("UPDATE customers SET name = 'Renamed' WHERE tenant_id = '%s' AND key = 'a'"
        .formatted(tenant));

    Invoice invoice = await(fixture.invoices.find(tenant, "INV-000001"));

    assertEquals("Customer a", invoice.billTo().name());
  }
}
