package dev.weir.rating;

import dev.weir.metering.Refusal;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Currency;

/**
 * An exact amount in one currency; it may carry more decimals than the currency has until it is
 * {@link #rounded}.
 *
 * @param currency an ISO 4217 currency with a scale; units of account such as XAU or XXX are refused
 */
public record Money(BigDecimal amount, Currency currency) {

  public Money {
    if (currency.getDefaultFractionDigits() < 0) {
      throw unknown(currency.getCurrencyCode(), "currency");
    }
  }

  public static Money zero(Currency currency) {
    return new Money(BigDecimal.ZERO.setScale(currency.getDefaultFractionDigits()), currency);
  }

  /**
   * The currency of an ISO 4217 code; refuses unknown codes and those without a scale with {@code
   * CURRENCY_UNKNOWN}, naming the field.
   */
  public static Currency currency(String code, String field) {
    Currency currency;
    try {
      currency = Currency.getInstance(code);
    } catch (IllegalArgumentException e) {
      throw unknown(code, field);
    }
    if (currency.getDefaultFractionDigits() < 0) {
      throw unknown(code, field);
    }
    return currency;
  }

  /** Rounded to the currency's own scale, halves away from zero. */
  public Money rounded() {
    return new Money(
        amount.setScale(currency.getDefaultFractionDigits(), RoundingMode.HALF_UP), currency);
  }

  /** Refuses another currency with {@code CURRENCY_MIXED}: nothing is converted in silence. */
  public Money plus(Money other) {
    return new Money(amount.add(sameCurrency(other).amount), currency);
  }

  /** Refuses another currency with {@code CURRENCY_MIXED}. */
  public Money minus(Money other) {
    return new Money(amount.subtract(sameCurrency(other).amount), currency);
  }

  public int signum() {
    return amount.signum();
  }

  private Money sameCurrency(Money other) {
    if (!currency.equals(other.currency)) {
      throw new Refusal(
          RatingError.CURRENCY_MIXED,
          "%s and %s cannot be added; convert one first.".formatted(currency, other.currency));
    }
    return other;
  }

  private static Refusal unknown(String code, String field) {
    return new Refusal(
        RatingError.CURRENCY_UNKNOWN,
        field,
        "'%s' in '%s' is not an ISO 4217 currency; use a code such as \"USD\" or \"JPY\"."
            .formatted(code, field));
  }

  /** Plain digits and the code, for example {@code 99.00 USD}. */
  @Override
  public String toString() {
    return amount.toPlainString() + " " + currency;
  }
}
