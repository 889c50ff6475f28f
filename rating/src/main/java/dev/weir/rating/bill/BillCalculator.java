package dev.weir.rating.bill;

import dev.weir.metering.Quantity;
import dev.weir.rating.Money;
import dev.weir.rating.catalog.Plan;
import dev.weir.rating.catalog.RateCard;
import dev.weir.rating.price.Charge;
import dev.weir.rating.subscription.BillingPeriod;
import java.util.Currency;
import java.util.List;
import java.util.Map;

/** Rates rate cards. Pure. */
public final class BillCalculator {

  private static final Quantity ONE = Quantity.of(1);

  private BillCalculator() {}

  /**
   * The bill of a whole period: every rate card of the plan, in plan order.
   *
   * @param usage quantity by rate card key; must hold every usage card
   */
  public static Bill bill(Plan plan, Map<String, Quantity> usage, BillingPeriod period) {
    List<BillLine> lines = lines(plan.rateCards(), usage, plan.currency());
    return new Bill(
        plan.currency(), period.from(), period.to(), lines, total(lines, plan.currency()));
  }

  /** The lines of some rate cards, in their order; {@code usage} must hold every usage card. */
  public static List<BillLine> lines(
      List<RateCard> cards, Map<String, Quantity> usage, Currency currency) {
    return cards.stream()
        .map(card -> line(card, quantity(card, usage), currency))
        .toList();
  }

  /** The sum of the lines' rounded amounts. */
  public static Money total(List<BillLine> lines, Currency currency) {
    Money total = Money.zero(currency);
    for (BillLine line : lines) {
      total = total.plus(line.roundedAmount());
    }
    return total;
  }

  private static Quantity quantity(RateCard card, Map<String, Quantity> usage) {
    if (card.type() == RateCard.Type.FEE) {
      return ONE;
    }
    Quantity quantity = usage.get(card.key());
    if (quantity == null) {
      throw new IllegalStateException("the usage of rate card " + card.key() + " is not known");
    }
    return quantity;
  }

  private static BillLine line(RateCard card, Quantity quantity, Currency currency) {
    Charge charge = card.price().rate(quantity);
    return new BillLine(card, quantity, charge, new Money(charge.amount(), currency).rounded());
  }
}
