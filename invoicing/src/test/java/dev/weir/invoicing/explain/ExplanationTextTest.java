package dev.weir.invoicing.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.weir.invoicing.Invoice;
import dev.weir.invoicing.InvoiceDraft;
import dev.weir.invoicing.InvoiceItem;
import dev.weir.invoicing.InvoiceTransitions;
import dev.weir.invoicing.InvoicingError;
import dev.weir.invoicing.PaymentTerms;
import dev.weir.invoicing.Samples;
import dev.weir.metering.Quantity;
import dev.weir.metering.Refusal;
import dev.weir.metering.json.Json;
import dev.weir.metering.meter.Aggregation;
import dev.weir.metering.usage.UsageRow;
import dev.weir.metering.usage.WindowSize;
import dev.weir.rating.catalog.Plan;
import dev.weir.rating.catalog.RateCard;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class ExplanationTextTest {

  private static final Instant NOW = Instant.parse("2026-09-02T10:00:00Z");

  @Test
  void anInvoiceIsToldFromLineToWindow() {
    Plan plan = Samples.plan(
        "USD",
        Samples.fee("base", "99.00", RateCard.Billing.IN_ADVANCE),
        Samples.usage("tokens", """
            {'model':'graduated','tiers':[{'upTo':'1000000','unitPrice':'0.000002','flat':'0'},
             {'upTo':null,'unitPrice':'0.000001','flat':'0.25'}]}"""));
    InvoiceDraft draft = InvoiceDraft.close(
        Samples.subscription(plan),
        Samples.customer("USD", "acme-prod", "acme-dev"),
        plan,
        1,
        Map.of("tokens", Quantity.of(1_500_000)));
    Invoice invoice = InvoiceTransitions.finalized(
        draft.invoice(new UUID(6, 6), null, NOW), "INV-000042", PaymentTerms.STANDARD, NOW);
    LineUsage usage = new LineUsage(
        Quantity.of(1_500_000),
        Quantity.of(1_500_020),
        Quantity.of(1_500_020),
        WindowSize.MINUTE,
        1,
        45,
        List.of(row("2026-08-01T00:00:00Z", "1500020")));

    List<InvoiceItem> items = draft.items(Samples.counting());
    String text = ExplanationText.of(new InvoiceExplanation(
        invoice, List.of(line(items.get(0), usage), line(items.get(1), null))));

    assertEquals("""
        Invoice INV-000042 (open), Acme Inc.
        2026-08-01T00:00:00Z to 2026-09-01T00:00:00Z
        1. tokens: 1,500,000 units: 1,000,000 × 0.000002 = 2.00; 500,000 × 0.000001 + flat 0.25 = 0.75 = 2.75 USD
           meter tokens [model = m0 or m1], subjects acme-dev or acme-prod: billed 1,500,000, now 1,500,020, difference 20
           minute windows, page 1 of 45:
           2026-08-01T00:00:00Z  1,500,020
        2. base: 1 unit: flat 99.00 = 99.00 USD
        Total 101.75 USD
        """, text);
  }

  @Test
  void adjustmentsAreTold() {
    Plan plan = Samples.plan("USD", Samples.usage("calls", """
        {'model':'per_unit','unitPrice':'0.01','usageDiscountUnits':'100',
         'discountPercent':'10','minimumSpend':'50'}"""));
    InvoiceDraft draft = InvoiceDraft.close(
        Samples.subscription(plan),
        Samples.customer("USD"),
        plan,
        1,
        Map.of("calls", Quantity.of(1_100)));

    String text = ExplanationText.of(new InvoiceExplanation(
        draft.invoice(new UUID(6, 6), null, NOW),
        List.of(line(draft.items(Samples.counting()).get(0), null))));

    assertEquals(
        "1. calls: 1,100 units: 1,000 × 0.01 = 10.00; usage discount of 100 units;"
            + " discount -1.00; minimum spend 41.00 = 50.00 USD",
        text.lines().toList().get(2));
  }

  @Test
  void digitsAreGroupedBeforeThePointOnly() {
    assertEquals("0", ExplanationText.grouped(new BigDecimal("0")));
    assertEquals("-999.1234567", ExplanationText.grouped(new BigDecimal("-999.1234567")));
    assertEquals("-1,000", ExplanationText.grouped(new BigDecimal("-1000")));
    assertEquals("12,345,678.9", ExplanationText.grouped(new BigDecimal("12345678.9")));
  }

  @Test
  void windowsMakeUpTheTotalWhereTheAggregationLetsThem() {
    List<UsageRow> rows =
        List.of(row("2026-08-01T00:00:00Z", "3"), row("2026-08-02T00:00:00Z", "2.5"));

    assertEquals(Quantity.of("5.5"), UsageReading.together(Aggregation.SUM, rows));
    assertEquals(Quantity.of("5.5"), UsageReading.together(Aggregation.COUNT, rows));
    assertEquals(Quantity.of("2.5"), UsageReading.together(Aggregation.MIN, rows));
    assertEquals(Quantity.of("3"), UsageReading.together(Aggregation.MAX, rows));
    assertEquals(Quantity.of("2.5"), UsageReading.together(Aggregation.LATEST, rows));
    assertNull(UsageReading.together(Aggregation.AVG, rows));
    assertNull(UsageReading.together(Aggregation.UNIQUE_COUNT, rows));
    assertEquals(Quantity.ZERO, UsageReading.together(Aggregation.MAX, List.of()));
  }

  @Test
  void windowSizesAreMinuteHourAndDay() {
    assertEquals(WindowSize.DAY, ExplainRequest.windowSize(null));
    assertEquals(WindowSize.MINUTE, ExplainRequest.windowSize("MINUTE"));
    assertEquals(WindowSize.DAY, ExplainRequest.windowSize("day"));
    Refusal refusal = assertThrows(Refusal.class, () -> ExplainRequest.windowSize("month"));
    assertEquals(InvoicingError.EXPLAIN_WINDOW_INVALID, refusal.code());
    assertEquals("window", refusal.field());
  }

  private static InvoiceExplanation.Line line(InvoiceItem item, LineUsage usage) {
    return new InvoiceExplanation.Line(item, Json.parseOwn(item.explanation()), usage, null);
  }

  private static UsageRow row(String start, String value) {
    Instant from = Instant.parse(start);
    return new UsageRow(Quantity.of(value), from, from.plusSeconds(60), null, new TreeMap<>());
  }
}
