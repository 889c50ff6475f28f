package dev.weir.invoicing;

import dev.weir.metering.Ids;
import dev.weir.metering.Quantity;
import dev.weir.metering.Refusal;
import dev.weir.rating.Money;
import dev.weir.rating.bill.BillCalculator;
import dev.weir.rating.bill.BillLine;
import dev.weir.rating.catalog.Customer;
import dev.weir.rating.catalog.Plan;
import dev.weir.rating.catalog.RateCard;
import dev.weir.rating.subscription.BillingPeriod;
import dev.weir.rating.subscription.Subscription;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a boundary of a subscription comes to, before it is written down.
 *
 * @param lines usage and fees of the period that ended, then fees of the one that begins, each in
 *     plan order; empty when nothing falls due at this boundary
 * @param period the one the invoice is for
 */
public record InvoiceDraft(
    Subscription subscription,
    Customer customer,
    Plan plan,
    int boundary,
    List<Line> lines,
    BillingPeriod period,
    Money total) {

  /** A rated rate card and the period it is for. */
  public record Line(BillLine bill, BillingPeriod period) {}

  /** No invoice is over more than this many minor units (cents, yen), in either direction. */
  public static final BigDecimal TOTAL_MAX_MINOR_UNITS = BigDecimal.TEN.pow(15);

  public InvoiceDraft {
    lines = List.copyOf(lines);
  }

  /**
   * Closes a boundary. Pure: the same arguments give the same draft.
   *
   * <p>Refuses with INVOICE_CURRENCY_MISMATCH when subscription, customer and plan do not agree on
   * the currency, with INVOICE_TOTAL_OUT_OF_BOUNDS when the total is beyond reason.
   *
   * @param quantities usage of the period that ends at the boundary, by rate card key; must hold
   *     every usage card of the plan, except at boundary 0, where no period ends
   */
  public static InvoiceDraft close(
      Subscription subscription,
      Customer customer,
      Plan plan,
      int boundary,
      Map<String, Quantity> quantities) {
    sameCurrency(subscription, customer, plan);
    BillingPeriod opened = subscription.schedule().period(boundary);
    List<Line> lines = new ArrayList<>();
    BillingPeriod ended = ended(subscription, boundary);
    if (ended != null) {
      add(lines, plan.inArrears(), quantities, plan, ended);
    }
    boolean closes = !lines.isEmpty();
    add(lines, plan.inAdvance(), quantities, plan, opened);
    Money total = BillCalculator.total(lines.stream().map(Line::bill).toList(), plan.currency());
    bounded(total);
    return new InvoiceDraft(
        subscription,
        customer,
        plan,
        boundary,
        lines,
        closes && ended != null ? ended : opened,
        total);
  }

  /** The period that ends at a boundary; null at boundary 0. */
  public static @Nullable BillingPeriod ended(Subscription subscription, int boundary) {
    return boundary == 0 ? null : subscription.schedule().period(boundary - 1);
  }

  private static void add(
      List<Line> lines,
      List<RateCard> cards,
      Map<String, Quantity> quantities,
      Plan plan,
      BillingPeriod period) {
    for (BillLine line : BillCalculator.lines(cards, quantities, plan.currency())) {
      lines.add(new Line(line, period));
    }
  }

  private static void sameCurrency(Subscription subscription, Customer customer, Plan plan) {
    if (!subscription.currency().equals(plan.currency())
        || !subscription.currency().equals(customer.currency())) {
      throw new Refusal(
          InvoicingError.INVOICE_CURRENCY_MISMATCH,
          "currency",
          ("The subscription is in %s, its plan in %s and its customer in %s; nothing is converted"
                  + " in silence, so make them agree.")
              .formatted(subscription.currency(), plan.currency(), customer.currency()));
    }
  }

  private static void bounded(Money total) {
    int digits = total.currency().getDefaultFractionDigits();
    if (total.amount().movePointRight(digits).abs().compareTo(TOTAL_MAX_MINOR_UNITS) > 0) {
      throw new Refusal(
          InvoicingError.INVOICE_TOTAL_OUT_OF_BOUNDS,
          "The total of %s is more than %s minor units; check the plan's prices and the usage."
              .formatted(total, TOTAL_MAX_MINOR_UNITS.toPlainString()));
    }
  }

  /** Whether nothing falls due, so that the boundary is passed without an invoice. */
  public boolean isEmpty() {
    return lines.isEmpty();
  }

  /** The draft as an invoice of its own. */
  public Invoice invoice(UUID id, @Nullable UUID runId, Instant now) {
    return new Invoice(
        id,
        subscription.tenantId(),
        new Invoice.Standing(InvoiceStatus.DRAFT, null, now),
        null,
        BillTo.of(customer),
        new Invoice.Origin(subscription.id(), boundary, runId),
        InvoiceAmounts.unpaid(total),
        period.from(),
        period.to(),
        null,
        now);
  }

  /** The lines as items, in order. */
  public List<InvoiceItem> items(Ids ids) {
    List<InvoiceItem> items = new ArrayList<>();
    for (Line line : lines) {
      items.add(item(ids.next(), items.size() + 1, line));
    }
    return items;
  }

  private InvoiceItem item(UUID id, int position, Line line) {
    RateCard card = line.bill().card();
    return new InvoiceItem(
        id,
        position,
        card.type() == RateCard.Type.USAGE ? ItemType.USAGE : ItemType.SUBSCRIPTION,
        card.key(),
        card.title(),
        line.bill().quantity(),
        line.bill().roundedAmount().amount(),
        line.bill().amount(),
        line.period().from(),
        line.period().to(),
        LineExplanation.of(line.bill(), plan, customer));
  }
}
