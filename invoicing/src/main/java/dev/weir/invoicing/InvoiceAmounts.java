package dev.weir.invoicing;

import dev.weir.metering.Invariant;
import dev.weir.rating.Money;
import java.math.BigDecimal;
import java.util.Currency;

/**
 * The figures of an invoice, each in the currency's own decimals.
 *
 * @param subtotal the lines before discounts and taxes
 * @param total {@code subtotal - discount + tax}
 * @param due {@code total - paid}; nothing for a void invoice
 */
public record InvoiceAmounts(
    Currency currency,
    BigDecimal subtotal,
    BigDecimal discount,
    BigDecimal tax,
    BigDecimal total,
    BigDecimal paid,
    BigDecimal due) {

  public InvoiceAmounts {
    int scale = currency.getDefaultFractionDigits();
    Invariant.check(
        subtotal.scale() == scale
            && discount.scale() == scale
            && tax.scale() == scale
            && total.scale() == scale
            && paid.scale() == scale
            && due.scale() == scale,
        "an invoice's amounts have the currency's decimals");
    Invariant.check(
        subtotal.subtract(discount).add(tax).compareTo(total) == 0, "an invoice's total adds up");
  }

  /** An unpaid invoice over this sum, without discount or tax. */
  static InvoiceAmounts unpaid(Money total) {
    BigDecimal sum = total.rounded().amount();
    Invariant.check(sum.compareTo(total.amount()) == 0, "a total is in the currency's decimals");
    BigDecimal zero = Money.zero(total.currency()).amount();
    return new InvoiceAmounts(total.currency(), sum, zero, zero, sum, zero, sum);
  }

  /** The same figures with nothing left to pay. */
  InvoiceAmounts nothingDue() {
    BigDecimal zero = Money.zero(currency).amount();
    return new InvoiceAmounts(currency, subtotal, discount, tax, total, paid, zero);
  }
}
