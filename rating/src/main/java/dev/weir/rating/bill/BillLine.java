package dev.weir.rating.bill;

import dev.weir.metering.Quantity;
import dev.weir.rating.Money;
import dev.weir.rating.catalog.RateCard;
import dev.weir.rating.price.Charge;
import java.math.BigDecimal;

/**
 * One rate card in one period.
 *
 * @param quantity the metered usage; 1 for a fee
 * @param charge the exact amount and its steps
 * @param roundedAmount the amount in the currency's own decimals
 */
public record BillLine(RateCard card, Quantity quantity, Charge charge, Money roundedAmount) {

  public String rateCardKey() {
    return card.key();
  }

  /** Exact, not rounded to the currency. */
  public BigDecimal amount() {
    return charge.amount();
  }
}
