package dev.weir.rating.bill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.weir.metering.Quantity;
import dev.weir.rating.Money;
import dev.weir.rating.catalog.MeterRef;
import dev.weir.rating.catalog.Plan;
import dev.weir.rating.catalog.RateCard;
import dev.weir.rating.price.FlatPrice;
import dev.weir.rating.price.PerUnitPrice;
import dev.weir.rating.price.Price;
import dev.weir.rating.price.PriceModifiers;
import dev.weir.rating.subscription.BillingCycle;
import dev.weir.rating.subscription.BillingPeriod;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class BillCalculatorTest {

  private static final BillingPeriod NOVEMBER = new BillingPeriod(
      0, Instant.parse("2026-11-01T00:00:00Z"), Instant.parse("2026-12-01T00:00:00Z"));

  @Test
  void linesAreRoundedToTheCurrencyAndThenSummed() {
    Plan plan = plan("USD", fee("base", "10"), usage("a", "0.001"), usage("b", "0.001"));
    Bill bill = BillCalculator.bill(
        plan, Map.of("a", Quantity.of(1_005), "b", Quantity.of(1_005)), NOVEMBER);
    assertEquals(
        List.of("10.00", "1.01", "1.01"),
        bill.lines().stream()
            .map(line -> line.roundedAmount().amount().toPlainString())
            .toList());
    assertEquals("1.005", bill.lines().get(1).amount().toPlainString());
    assertEquals("12.02 USD", bill.total().toString());
    assertEquals(NOVEMBER.from(), bill.from());
    assertEquals(NOVEMBER.to(), bill.to());
  }

  @Test
  void aCurrencyWithoutDecimalsRoundsToWholeUnits() {
    Plan plan = plan("JPY", usage("a", "0.5"));
    Bill bill = BillCalculator.bill(plan, Map.of("a", Quantity.of(3)), NOVEMBER);
    assertEquals("2 JPY", bill.total().toString());
  }

  @Test
  void aFeeHasQuantityOneAndIsDueWithoutUsage() {
    Plan plan = plan("USD", fee("base", "99"));
    BillLine line = BillCalculator.bill(plan, Map.of(), NOVEMBER).lines().get(0);
    assertEquals(Quantity.of(1), line.quantity());
    assertEquals("99.00 USD", line.roundedAmount().toString());
  }

  @Test
  void anUnknownUsageIsABugAndNotZero() {
    Plan plan = plan("USD", usage("a", "1"));
    assertThrows(IllegalStateException.class, () -> BillCalculator.bill(plan, Map.of(), NOVEMBER));
  }

  @Test
  void aTotalBelowZeroCostsNothingAndIsShown() {
    Plan plan = plan("USD", usage("a", "1"));
    Bill bill = BillCalculator.bill(plan, Map.of("a", Quantity.of(-5)), NOVEMBER);
    assertEquals(Quantity.of(-5), bill.lines().get(0).quantity());
    assertEquals("0.00 USD", bill.total().toString());
  }

  @Test
  void aBillWhoseTotalIsWrongCannotExist() {
    Plan plan = plan("USD", fee("base", "99"));
    Bill bill = BillCalculator.bill(plan, Map.of(), NOVEMBER);
    Money wrong = bill.total().plus(bill.total());
    assertThrows(
        IllegalStateException.class,
        () -> new Bill(bill.currency(), bill.from(), bill.to(), bill.lines(), wrong));
  }

  private static Plan plan(String currency, RateCard... cards) {
    return new Plan(
        UUID.randomUUID(),
        UUID.randomUUID(),
        "plan",
        1,
        "Plan",
        Money.currency(currency, "currency"),
        BillingCycle.MONTHLY,
        List.of(cards),
        NOVEMBER.from());
  }

  private static RateCard fee(String key, String amount) {
    Price price = new FlatPrice(new BigDecimal(amount), PriceModifiers.NONE);
    return new RateCard(
        key, null, null, RateCard.Type.FEE, null, Map.of(), price, RateCard.Billing.IN_ADVANCE);
  }

  private static RateCard usage(String key, String unitPrice) {
    Price price = new PerUnitPrice(new BigDecimal(unitPrice), PriceModifiers.NONE);
    return new RateCard(
        key,
        null,
        null,
        RateCard.Type.USAGE,
        new MeterRef(UUID.randomUUID(), key),
        Map.of(),
        price,
        RateCard.Billing.IN_ARREARS);
  }
}
