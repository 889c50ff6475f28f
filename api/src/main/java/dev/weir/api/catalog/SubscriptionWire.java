package dev.weir.api.catalog;

import dev.weir.rating.bill.Bill;
import dev.weir.rating.bill.BillLine;
import dev.weir.rating.bill.RunningBill;
import dev.weir.rating.price.ChargeJson;
import dev.weir.rating.subscription.BillingPeriod;
import dev.weir.rating.subscription.Subscription;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** The wire shapes of a subscription and of its running bill. */
final class SubscriptionWire {

  private SubscriptionWire() {}

  static Object write(Subscription subscription) {
    BillingPeriod current = subscription.currentPeriod();
    Map<String, Object> wire = new LinkedHashMap<>();
    wire.put("id", subscription.id());
    wire.put("tenantId", subscription.tenantId());
    wire.put("customerId", subscription.customerId());
    wire.put("planId", subscription.planId());
    wire.put("planKey", subscription.planKey());
    wire.put("planVersion", subscription.planVersion());
    wire.put("status", subscription.status().name().toLowerCase(Locale.ROOT));
    wire.put("currency", subscription.currency().getCurrencyCode());
    wire.put("billingCycle", subscription.billingCycle().wireName());
    wire.put("timeZone", subscription.timeZone().getId());
    wire.put("startedAt", subscription.startedAt());
    wire.put("currentPeriodStart", current.from());
    wire.put("currentPeriodEnd", current.to());
    wire.put("nextInvoiceAt", subscription.nextBoundaryAt());
    wire.put("autoRenew", true);
    wire.put("createdAt", subscription.createdAt());
    return wire;
  }

  static Object write(RunningBill.Snapshot snapshot) {
    Bill bill = snapshot.bill();
    Map<String, Object> wire = new LinkedHashMap<>();
    wire.put("currency", bill.currency().getCurrencyCode());
    wire.put("from", bill.from());
    wire.put("to", bill.to());
    wire.put("asOf", snapshot.asOf());
    wire.put("position", snapshot.position());
    wire.put("lines", bill.lines().stream().map(SubscriptionWire::write).toList());
    wire.put("total", bill.total().amount().toPlainString());
    return wire;
  }

  private static Object write(BillLine line) {
    Map<String, Object> wire = new LinkedHashMap<>();
    wire.put("rateCard", line.rateCardKey());
    wire.put("name", line.card().title());
    wire.put("type", line.card().type().name().toLowerCase(Locale.ROOT));
    wire.put("quantity", line.quantity().toString());
    wire.put("amount", line.amount().toPlainString());
    wire.put("roundedAmount", line.roundedAmount().amount().toPlainString());
    wire.put("tiers", ChargeJson.tiers(line.charge()));
    wire.put("adjustments", ChargeJson.adjustments(line.charge()));
    return wire;
  }
}
