package dev.weir.invoicing.explain;

import static dev.weir.invoicing.BillingFixture.fee;
import static dev.weir.metering.database.TestDatabase.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.invoicing.BillingFixture;
import dev.weir.invoicing.InvoicingError;
import dev.weir.metering.MeteringError;
import dev.weir.metering.Refusal;
import dev.weir.metering.usage.UsageRow;
import dev.weir.metering.usage.WindowSize;
import dev.weir.rating.catalog.Plan;
import io.vertx.core.Future;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class InvoiceExplainerIT {

  private static final String CARD = """
      {'key':'tokens','type':'usage','meter':'tokens','filter':{'model':'m1'},
       'price':{'model':'graduated','tiers':[{'upTo':'1000','unitPrice':'0.02','flat':'0'},
       {'upTo':null,'unitPrice':'0.01','flat':'0'}]}}""";

  private static BillingFixture fixture;

  @BeforeAll
  static void open() {
    fixture = new BillingFixture();
  }

  @AfterAll
  static void close() {
    fixture.close();
  }

  /** INV-000001 bills the fee in advance, INV-000002 the usage of October. */
  private static UUID billed() {
    UUID tenant = fixture.tenant();
    Plan plan = fixture.plan(tenant, "pro", fee("base", "10"), CARD);
    fixture.subscribe(tenant, "acme", plan, "2026-10-01T00:00:00Z");
    fixture.use(tenant, "acme", "2026-10-01T00:00:10Z", 500);
    fixture.use(tenant, "acme", "2026-10-01T00:00:50Z", 250);
    fixture.use(tenant, "acme", "2026-10-31T23:59:59Z", 750);
    fixture.use(tenant, "acme", "m2", "2026-10-10T00:00:00Z", 9_999);
    fixture.use(tenant, "other", "2026-10-10T00:00:00Z", 8_888);
    fixture.bill(tenant, "2026-11-01T00:00:00Z");
    return tenant;
  }

  private static InvoiceExplanation explain(UUID tenant, ExplainRequest request) {
    return await(fixture.explainer.explain(tenant, "INV-000002", request));
  }

  @Test
  void aLineLeadsToItsStepsAndWindows() {
    InvoiceExplanation explanation = explain(billed(), ExplainRequest.whole());

    assertEquals(2, explanation.lines().size());
    InvoiceExplanation.Line line = explanation.lines().get(0);
    assertEquals("25.00", line.item().amount().toPlainString());
    assertEquals(2, line.frozen().path("steps").size());
    LineUsage usage = line.usage();
    assertNotNull(usage);
    assertEquals("1500", usage.billed().toString());
    assertEquals("1500", usage.current().toString());
    assertEquals("1500", String.valueOf(usage.windowsTotal()));
    assertTrue(usage.consistent());
    assertEquals("0", usage.difference().toString());
    assertEquals(45, usage.pages());
    assertEquals(List.of("750"), values(usage));
    assertNull(explanation.lines().get(1).usage());
  }

  @Test
  void pagesAndWindowSizesCutTheSameUsage() {
    UUID tenant = billed();

    LineUsage last = usage(explain(tenant, new ExplainRequest("tokens", WindowSize.MINUTE, 45)));
    LineUsage days = usage(explain(tenant, new ExplainRequest("1", WindowSize.DAY, 1)));
    LineUsage beyond = usage(explain(tenant, new ExplainRequest("1", WindowSize.DAY, 2)));

    assertEquals(List.of("750"), values(last));
    assertEquals(List.of("750", "750"), values(days));
    assertEquals(1, days.pages());
    assertEquals(List.of(), values(beyond));
  }

  @Test
  void usageThatArrivedLateShowsAsADifference() {
    UUID tenant = billed();
    fixture.use(tenant, "acme", "2026-10-20T00:00:00Z", 40);

    LineUsage usage = usage(explain(tenant, new ExplainRequest("tokens", WindowSize.DAY, 1)));

    assertEquals("1500", usage.billed().toString());
    assertEquals("1540", usage.current().toString());
    assertEquals("40", usage.difference().toString());
    assertTrue(usage.consistent());
  }

  @Test
  void theSubjectsAreThoseOfTheTimeOfBilling() {
    UUID tenant = billed();
    fixture.execute(
        "UPDATE customer_subjects SET subject = 'other' WHERE tenant_id = '%s'".formatted(tenant));

    LineUsage usage = usage(explain(tenant, new ExplainRequest("tokens", WindowSize.DAY, 1)));

    assertEquals("1500", usage.current().toString());
  }

  @Test
  void aCustomerWithoutSubjectsHasNoUsageAndNotEveryones() {
    UUID tenant = fixture.tenant();
    Plan plan = fixture.plan(tenant, "payg", fee("base", "1"), CARD);
    fixture.subscribe(tenant, "acme", plan, "2026-10-01T00:00:00Z");
    fixture.execute("DELETE FROM customer_subjects WHERE tenant_id = '%s'".formatted(tenant));
    fixture.use(tenant, "other", "2026-10-10T00:00:00Z", 8_888);
    fixture.bill(tenant, "2026-11-01T00:00:00Z");

    LineUsage usage = usage(explain(tenant, new ExplainRequest("tokens", WindowSize.DAY, 1)));

    assertEquals("0", usage.billed().toString());
    assertEquals("0", usage.current().toString());
    assertEquals(List.of(), values(usage));
  }

  @Test
  void aMeterThatIsGoneLeavesTheFrozenPartToTell() {
    UUID tenant = billed();
    fixture.hideMeters(tenant);

    InvoiceExplanation explanation = explain(tenant, ExplainRequest.whole());

    assertNull(explanation.lines().get(0).usage());
    assertTrue(
        String.valueOf(explanation.lines().get(0).usageMissing()).contains("meter"),
        explanation.lines().get(0).usageMissing());
    assertEquals("1500", explanation.lines().get(0).frozen().path("quantity").asText());
  }

  @Test
  void usageThatCanNoLongerBeReadSaysWhyAndLeavesTheFrozenPart() {
    UUID tenant = billed();
    Refusal gone = new Refusal(
        MeteringError.USAGE_MINUTES_GONE,
        "from",
        "Usage of then is kept by hours and days of UTC.");
    InvoiceExplainer explainer = new InvoiceExplainer(
        fixture.database.database(),
        fixture.store,
        fixture::meter,
        (connection, query) -> Future.failedFuture(gone));

    InvoiceExplanation explanation =
        await(explainer.explain(tenant, "INV-000002", ExplainRequest.whole()));

    InvoiceExplanation.Line line = explanation.lines().get(0);
    assertNull(line.usage());
    assertEquals("Usage of then is kept by hours and days of UTC.", line.usageMissing());
    assertEquals("1500", line.frozen().path("quantity").asText());
    assertNull(explanation.lines().get(1).usageMissing());
    assertTrue(
        ExplanationText.of(explanation)
            .contains("   no usage to show: Usage of then is kept by hours and days of UTC.\n"),
        ExplanationText.of(explanation));
  }

  @Test
  void unknownLinesAndForeignInvoicesAreRefused() {
    UUID tenant = billed();

    Refusal line = assertThrows(
        Refusal.class, () -> explain(tenant, new ExplainRequest("gpu", WindowSize.DAY, 1)));
    Refusal foreign =
        assertThrows(Refusal.class, () -> explain(fixture.tenant(), ExplainRequest.whole()));

    assertEquals(InvoicingError.EXPLAIN_LINE_UNKNOWN, line.code());
    assertEquals("line", line.field());
    assertEquals(InvoicingError.INVOICE_NOT_FOUND, foreign.code());
  }

  private static LineUsage usage(InvoiceExplanation explanation) {
    LineUsage usage = explanation.lines().get(0).usage();
    assertNotNull(usage);
    return usage;
  }

  private static List<String> values(LineUsage usage) {
    return usage.windows().stream().map(UsageRow::value).map(String::valueOf).toList();
  }
}
