package dev.weir.rating;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.weir.metering.Refusal;
import java.math.BigDecimal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class MoneyTest {

  @ParameterizedTest
  @CsvSource({
    "USD, 1.005, 1.01", "USD, -1.005, -1.01", "USD, 1.0049999, 1.00", "USD, 7, 7.00",
    "JPY, 0.5, 1", "JPY, 1200.4, 1200", "KWD, 1.2345, 1.235", "USD, -0.004, 0.00"
  })
  void roundsToTheCurrencysScaleHalvesAwayFromZero(String code, String exact, String rounded) {
    Money money = money(exact, code).rounded();
    assertEquals(rounded, money.amount().toPlainString());
    assertEquals(code, money.currency().getCurrencyCode());
  }

  @Test
  void addsAndSubtractsExactly() {
    Money sum = money("0.1", "EUR").plus(money("0.2", "EUR"));
    assertEquals(new BigDecimal("0.3"), sum.amount());
    assertEquals(
        new BigDecimal("-0.1"), money("0.1", "EUR").minus(money("0.2", "EUR")).amount());
    assertEquals("0.00", Money.zero(sum.currency()).amount().toPlainString());
  }

  @Test
  void refusesToMixCurrencies() {
    Money euro = money("1", "EUR");
    Money dollar = money("1", "USD");
    assertEquals(
        RatingError.CURRENCY_MIXED,
        assertThrows(Refusal.class, () -> euro.plus(dollar)).code());
    assertEquals(
        RatingError.CURRENCY_MIXED,
        assertThrows(Refusal.class, () -> euro.minus(dollar)).code());
  }

  @ParameterizedTest
  @ValueSource(strings = {"XXX", "XAU", "XTS", "usd", "US", "DOLLAR", "", "ZZZ"})
  void refusesCodesThatAreNoCurrencyWithAScale(String code) {
    Refusal refusal = assertThrows(Refusal.class, () -> Money.currency(code, "currency"));
    assertEquals(RatingError.CURRENCY_UNKNOWN, refusal.code());
    assertEquals("currency", refusal.field());
  }

  @ParameterizedTest
  @CsvSource({
    "HALF_UP, 2.5, 3",
    "HALF_UP, -2.5, -3",
    "HALF_EVEN, 2.5, 2",
    "HALF_EVEN, 3.5, 4",
    "UP, 2.1, 3",
    "UP, -2.1, -3",
    "DOWN, 2.9, 2",
    "DOWN, -2.9, -2",
    "CEIL, -2.9, -2",
    "CEIL, 2.1, 3",
    "FLOOR, -2.1, -3",
    "FLOOR, 2.9, 2"
  })
  void roundsByTheNamedMode(Rounding.Mode mode, String exact, String rounded) {
    assertEquals(rounded, new Rounding(mode, 0).apply(new BigDecimal(exact)).toPlainString());
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 19})
  void refusesARoundingScaleOutOfRange(int scale) {
    Refusal refusal = assertThrows(Refusal.class, () -> new Rounding(Rounding.Mode.HALF_UP, scale));
    assertEquals("rounding.scale", refusal.field());
  }

  private static Money money(String amount, String code) {
    return new Money(new BigDecimal(amount), Money.currency(code, "currency"));
  }
}
