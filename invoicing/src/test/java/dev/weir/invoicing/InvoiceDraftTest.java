package dev.weir.invoicing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.metering.Quantity;
import dev.weir.metering.Refusal;
import dev.weir.metering.json.Json;
import dev.weir.rating.catalog.Plan;
import dev.weir.rating.catalog.RateCard;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class InvoiceDraftTest {

  private static final Instant NOW = Instant.parse("2026-09-02T10:00:00Z");

  private final RateCard base = Samples.fee("base", "99.00", RateCard.Billing.IN_ADVANCE);
  private final RateCard support = Samples.fee("support", "10.5", RateCard.Billing.IN_ARREARS);
  private final RateCard tokens = Samples.usage("tokens", """
      {'model':'graduated','tiers':[{'upTo':'1000000','unitPrice':'0.000002','flat':'0'},
       {'upTo':null,'unitPrice':'0.000001','flat':'0'}]}""");
  private final Plan plan = Samples.plan("USD", base, tokens, support);

  private InvoiceDraft close(Plan plan, int boundary, Map<String, Quantity> quantities) {
    return InvoiceDraft.close(
        Samples.subscription(plan),
        Samples.customer(plan.currency().getCurrencyCode(), "acme-prod", "acme-dev"),
        plan,
        boundary,
        quantities);
  }

  @Test
  void theFirstBoundaryBillsOnlyFeesInAdvance() {
    InvoiceDraft draft = close(plan, 0, Map.of());

    assertEquals(List.of("base"), keys(draft));
    assertEquals("99.00 USD", draft.total().toString());
    Invoice invoice = draft.invoice(Samples.counting().next(), null, NOW);
    assertEquals(Instant.parse("2026-08-01T00:00:00Z"), invoice.periodStart());
    assertEquals(Instant.parse("2026-09-01T00:00:00Z"), invoice.periodEnd());
  }

  @Test
  void theFirstBoundaryWithoutFeesInAdvanceIsEmpty() {
    assertTrue(close(Samples.plan("USD", tokens, support), 0, Map.of()).isEmpty());
  }

  @Test
  void aLaterBoundaryBillsThePeriodThatEndedThenFeesOfTheNext() {
    InvoiceDraft draft = close(plan, 1, Map.of("tokens", Quantity.of(1_500_000)));

    List<InvoiceItem> items = draft.items(Samples.counting());
    assertEquals(List.of("tokens", "support", "base"), keys(draft));
    assertEquals(List.of(1, 2, 3), items.stream().map(InvoiceItem::position).toList());
    assertEquals(
        List.of(ItemType.USAGE, ItemType.SUBSCRIPTION, ItemType.SUBSCRIPTION),
        items.stream().map(InvoiceItem::type).toList());
    assertEquals(
        List.of("2.50", "10.50", "99.00"),
        items.stream().map(item -> item.amount().toPlainString()).toList());
    assertEquals(Instant.parse("2026-08-01T00:00:00Z"), items.get(0).periodStart());
    assertEquals(Instant.parse("2026-09-01T00:00:00Z"), items.get(0).periodEnd());
    assertEquals(Instant.parse("2026-09-01T00:00:00Z"), items.get(2).periodStart());
    assertEquals(Instant.parse("2026-10-01T00:00:00Z"), items.get(2).periodEnd());
    assertEquals("112.00 USD", draft.total().toString());
    Invoice invoice = draft.invoice(Samples.counting().next(), null, NOW);
    assertEquals(Instant.parse("2026-08-01T00:00:00Z"), invoice.periodStart());
  }

  @Test
  void aBoundaryThatClosesNothingIsForThePeriodItOpens() {
    InvoiceDraft draft = close(Samples.plan("USD", base), 1, Map.of());

    assertEquals(Instant.parse("2026-09-01T00:00:00Z"), draft.period().from());
  }

  @Test
  void aPeriodWithoutUsageIsStillInvoiced() {
    InvoiceDraft draft = close(Samples.plan("USD", tokens), 1, Map.of("tokens", Quantity.ZERO));

    assertEquals(1, draft.lines().size());
    assertEquals("0.00 USD", draft.total().toString());
  }

  @Test
  void linesAreRoundedBeforeTheyAreSummed() {
    Plan three = Samples.plan(
        "USD",
        Samples.usage("a", "{'model':'per_unit','unitPrice':'0.005'}"),
        Samples.usage("b", "{'model':'per_unit','unitPrice':'0.005'}"),
        Samples.usage("c", "{'model':'per_unit','unitPrice':'0.004'}"));
    Quantity one = Quantity.of(1);

    InvoiceDraft draft = close(three, 1, Map.of("a", one, "b", one, "c", one));

    assertEquals("0.02 USD", draft.total().toString());
    assertEquals("0.005", draft.items(Samples.counting()).get(0).exactAmount().toPlainString());
  }

  @Test
  void currenciesKeepTheirOwnDecimals() {
    Plan yen = Samples.plan("JPY", Samples.usage("a", "{'model':'per_unit','unitPrice':'0.5'}"));
    Plan dinar = Samples.plan("KWD", Samples.usage("a", "{'model':'per_unit','unitPrice':'0.5'}"));

    assertEquals("2 JPY", close(yen, 1, Map.of("a", Quantity.of(3))).total().toString());
    assertEquals(
        "1.500 KWD", close(dinar, 1, Map.of("a", Quantity.of(3))).total().toString());
  }

  @Test
  void anotherCurrencyIsRefused() {
    Refusal refusal = assertThrows(
        Refusal.class,
        () -> InvoiceDraft.close(
            Samples.subscription(plan), Samples.customer("EUR"), plan, 0, Map.of()));

    assertEquals(InvoicingError.INVOICE_CURRENCY_MISMATCH, refusal.code());
    assertEquals("currency", refusal.field());
  }

  @Test
  void aTotalOfMoreThanTenToTheFifteenMinorUnitsIsRefused() {
    Plan dear = Samples.plan("USD", Samples.usage("a", "{'model':'per_unit','unitPrice':'0.01'}"));

    assertEquals(
        "10000000000000.00 USD",
        close(dear, 1, Map.of("a", Quantity.of("1000000000000000"))).total().toString());
    Refusal refusal = assertThrows(
        Refusal.class, () -> close(dear, 1, Map.of("a", Quantity.of("1000000000000001"))));
    assertEquals(InvoicingError.INVOICE_TOTAL_OUT_OF_BOUNDS, refusal.code());
  }

  @Test
  void theExplanationFreezesPriceStepsMeterFilterAndSubjects() {
    InvoiceDraft draft = close(plan, 1, Map.of("tokens", Quantity.of(1_500_000)));

    JsonNode frozen = Json.parseOwn(draft.items(Samples.counting()).get(0).explanation());

    assertEquals("1500000", frozen.path("quantity").asText());
    assertEquals("graduated", frozen.path("price").path("model").asText());
    assertEquals("1000000", frozen.path("steps").path(0).path("units").asText());
    assertEquals("0.000002", frozen.path("steps").path(0).path("unitPrice").asText());
    assertEquals("2", frozen.path("steps").path(0).path("amount").asText());
    assertEquals("0.5", frozen.path("steps").path(1).path("amount").asText());
    assertEquals("tokens", frozen.path("meter").path("key").asText());
    assertEquals("[\"m0\",\"m1\"]", frozen.path("filter").path("model").toString());
    assertEquals("[\"acme-dev\",\"acme-prod\"]", frozen.path("subjects").toString());
    assertEquals("2.50", frozen.path("amount").asText());
    assertEquals("2.5", frozen.path("exactAmount").asText());
    assertEquals(2, frozen.path("plan").path("version").asInt());
  }

  @Test
  void theExplanationOfAFeeNamesNoMeter() {
    JsonNode frozen =
        Json.parseOwn(close(plan, 0, Map.of()).items(Samples.counting()).get(0).explanation());

    assertNull(frozen.get("meter"));
    assertNull(frozen.get("subjects"));
    assertEquals("1", frozen.path("quantity").asText());
  }

  @Test
  void aDraftOwesItsTotalAndHasNoNumber() {
    Invoice invoice = close(plan, 0, Map.of()).invoice(Samples.counting().next(), null, NOW);

    assertEquals(InvoiceStatus.DRAFT, invoice.status());
    assertNull(invoice.invoiceNumber());
    assertEquals(new BigDecimal("99.00"), invoice.amounts().due());
    assertEquals(new BigDecimal("0.00"), invoice.amounts().tax());
    assertEquals("Acme Inc.", invoice.billTo().name());
  }

  private static List<String> keys(InvoiceDraft draft) {
    return draft.lines().stream().map(line -> line.bill().rateCardKey()).toList();
  }
}
