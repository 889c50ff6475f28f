package dev.weir.rating.bill;

import dev.weir.metering.Invariant;
import dev.weir.rating.Money;
import java.time.Instant;
import java.util.Currency;
import java.util.List;

/**
 * The lines of a period and what they come to.
 *
 * @param from inclusive
 * @param to exclusive
 * @param total the sum of the lines' rounded amounts
 */
public record Bill(Currency currency, Instant from, Instant to, List<BillLine> lines, Money total) {

  public Bill {
    lines = List.copyOf(lines);
    Money sum = Money.zero(currency);
    for (BillLine line : lines) {
      sum = sum.plus(line.roundedAmount());
    }
    Invariant.check(sum.equals(total), "the lines of a bill add up to its total");
  }
}
