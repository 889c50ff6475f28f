package dev.weir.rating.price;

import static dev.weir.rating.price.PricesRead.price;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.metering.Quantity;
import dev.weir.metering.Refusal;
import dev.weir.metering.json.Json;
import dev.weir.rating.Rounding;
import java.math.BigDecimal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PriceTest {

  private static final String TIERS =
      "'tiers':[{'upTo':'100','unitPrice':'2','flat':'10'},{'upTo':'200','unitPrice':'1','flat':'0'},"
          + "{'upTo':null,'unitPrice':'0.5','flat':'50'}]";

  @ParameterizedTest
  @CsvSource({
    "0, 10",
    "0.5, 11",
    "100, 210",
    "100.000000000000000001, 210.000000000000000001",
    "200, 310",
    "300, 410",
    "-5, 10"
  })
  void graduatedPricesEachUnitInItsTier(String quantity, String amount) {
    assertAmount(amount, "{'model':'graduated'," + TIERS + "}", quantity);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 10",
    "100, 210",
    "100.000000000000000001, 100.000000000000000001",
    "200, 200",
    "300, 200",
    "-5, 10"
  })
  void volumePricesAllUnitsInTheTierOfTheTotal(String quantity, String amount) {
    assertAmount(amount, "{'model':'volume'," + TIERS + "}", quantity);
  }

  @ParameterizedTest
  @CsvSource({"graduated, 0", "volume, 0", "graduated, -3"})
  void zeroUsageBillsNoFlatFeeWhenThePriceSaysSo(String model, String quantity) {
    assertAmount(
        "0", "{'model':'%s',%s,'zeroUsageBillsFirstFlat':false}".formatted(model, TIERS), quantity);
  }

  @ParameterizedTest
  @CsvSource({"0, 7.5", "1, 7.5", "12345, 7.5"})
  void flatDoesNotDependOnTheQuantity(String quantity, String amount) {
    assertAmount(amount, "{'model':'flat','amount':'7.5'}", quantity);
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "1, 0.000002", "1500000, 3", "0.25, 0.0000005", "-1, 0"})
  void perUnitMultipliesExactly(String quantity, String amount) {
    assertAmount(amount, "{'model':'per_unit','unitPrice':'0.000002'}", quantity);
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "5, 0", "5.1, 3", "15, 3", "15.0001, 6", "25, 6", "-7, 0"})
  void packagesRoundUpAfterFreeUnits(String quantity, String amount) {
    assertAmount(amount, "{'model':'package','size':'10','price':'3','freeUnits':'5'}", quantity);
  }

  @ParameterizedTest
  @CsvSource({"9.99, 0", "10, 3", "19.99, 3", "20, 6"})
  void packagesRoundDownWhenThePriceSaysSo(String quantity, String amount) {
    assertAmount(amount, "{'model':'package','size':'10','price':'3','rounding':'down'}", quantity);
  }

  @Test
  void aPackagePriceCannotHaveTwoRoundingsUnderOneName() {
    PriceModifiers rounded =
        new PriceModifiers(null, null, null, null, new Rounding(Rounding.Mode.HALF_UP, 2), true);
    Refusal refusal = assertThrows(
        Refusal.class,
        () -> new PackagePrice(
            BigDecimal.ONE,
            BigDecimal.ONE,
            BigDecimal.ZERO,
            PackagePrice.PartialPackage.DOWN,
            rounded));
    assertEquals("rounding", refusal.field());
  }

  @Test
  void modifiersApplyInTheirOrder() {
    // 10 of 30 units are free, 20 × 10 = 200, less 25 % = 150, at most 120.
    Charge charge = price("{'model':'per_unit','unitPrice':'10','usageDiscountUnits':'10',"
            + "'discountPercent':'25','maximumSpend':'120','minimumSpend':'20'}")
        .rate(Quantity.of(30));
    assertEquals(0, charge.amount().compareTo(new BigDecimal("120")));
    assertEquals(
        "[{\"adjustment\":\"usage_discount\",\"units\":\"10\",\"amount\":\"0\"},"
            + "{\"adjustment\":\"discount\",\"amount\":\"-50.00\"},"
            + "{\"adjustment\":\"maximum_spend\",\"amount\":\"-30.00\"}]",
        Json.text(ChargeJson.adjustments(charge)));
  }

  @Test
  void minimumSpendIsDueWithoutUsageAndAfterTheDiscount() {
    assertAmount("20", "{'model':'per_unit','unitPrice':'10','minimumSpend':'20'}", "0");
    assertAmount(
        "20",
        "{'model':'per_unit','unitPrice':'10','discountPercent':'50','minimumSpend':'20'}",
        "3");
  }

  @Test
  void usageDiscountNeverExceedsTheUsage() {
    assertAmount("0", "{'model':'per_unit','unitPrice':'10','usageDiscountUnits':'10'}", "4");
  }

  @Test
  void roundingOfThePriceIsAStepOfItsOwn() {
    Charge charge = price(
            "{'model':'per_unit','unitPrice':'0.333','rounding':{'mode':'down','scale':1}}")
        .rate(Quantity.of(2));
    assertEquals("0.6", charge.amount().toPlainString());
    assertEquals(
        "[{\"adjustment\":\"rounding\",\"amount\":\"-0.066\"}]",
        Json.text(ChargeJson.adjustments(charge)));
  }

  @Test
  void stepsNameTierBoundsUnitsAndPrices() {
    Charge charge = price("{'model':'graduated'," + TIERS + "}").rate(Quantity.of("250"));
    assertEquals(
        "{\"tier\":3,\"from\":\"200\",\"to\":null,\"units\":\"50\",\"unitPrice\":\"0.5\","
            + "\"flat\":\"50\",\"amount\":\"75\"}",
        Json.text(ChargeJson.tiers(charge).get(2)));
    assertTrue(ChargeJson.adjustments(charge).isEmpty());
  }

  private static void assertAmount(String amount, String price, String quantity) {
    BigDecimal rated = price(price).rate(Quantity.of(quantity)).amount();
    assertEquals(0, rated.compareTo(new BigDecimal(amount)), () -> quantity + " costs " + rated);
  }
}
