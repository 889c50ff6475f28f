package dev.weir.gateway.demo.workload;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weir.gateway.demo.workload.Tariff.Tier;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TariffTest {

  private static final List<Tier> TIERS =
      List.of(Tier.upTo("10", "10", "2"), Tier.upTo("20", "5", "3"), Tier.beyond("1", "4"));

  private static void assertAmount(String expected, Tariff tariff, String quantity) {
    BigDecimal amount = tariff.amount(new BigDecimal(quantity));
    assertEquals(0, new BigDecimal(expected).compareTo(amount), amount.toPlainString());
  }

  @ParameterizedTest
  @CsvSource({"0,0", "0.5,7", "10,102", "10.5,107.5", "20,155", "21,160", "1000,1139"})
  void graduatedChargesEachUnitAtItsTier(String quantity, String amount) {
    assertAmount(amount, new Tariff.Graduated(TIERS), quantity);
  }

  @ParameterizedTest
  @CsvSource({"1,12", "10,102", "10.5,55.5", "20,103", "21,25"})
  void volumeChargesAllUnitsAtTheTierReached(String quantity, String amount) {
    assertAmount(amount, new Tariff.Volume(TIERS), quantity);
  }

  @ParameterizedTest
  @CsvSource({"0,0", "1,0.45", "1000,0.45", "1001,0.90"})
  void aStartedPackageCounts(String quantity, String amount) {
    assertAmount(amount, new Tariff.Packages(1_000, new BigDecimal("0.45")), quantity);
  }

  @ParameterizedTest
  @CsvSource({"0.05,0.01", "0.04,0.00", "1.25,0.13", "3,0.30"})
  void aBilledLineHasTwoDecimalsAndHalfACentGoesUp(String quantity, String amount) {
    Tariff tariff = new Tariff.PerUnit(new BigDecimal("0.1"));
    assertEquals(new BigDecimal(amount), tariff.billed(new BigDecimal(quantity)));
  }

  @Test
  void pricesAreSentAsPlainDecimalStrings() {
    assertEquals(
        Map.of("model", "per_unit", "unitPrice", "0.00000001"),
        new Tariff.PerUnit(new BigDecimal("1E-8")).json());
    Object tiers = new Tariff.Volume(TIERS).json().get("tiers");
    assertEquals(
        "[{upTo=10, unitPrice=10, flat=2}, {upTo=20, unitPrice=5, flat=3},"
            + " {upTo=null, unitPrice=1, flat=4}]",
        String.valueOf(tiers));
  }
}
