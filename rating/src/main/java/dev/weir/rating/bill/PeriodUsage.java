package dev.weir.rating.bill;

import dev.weir.metering.Quantity;
import dev.weir.metering.meter.Meter;
import dev.weir.metering.usage.UsageQuery;
import dev.weir.rating.catalog.Customer;
import dev.weir.rating.catalog.MeterLookup;
import dev.weir.rating.catalog.Plan;
import dev.weir.rating.catalog.RateCard;
import dev.weir.rating.subscription.BillingPeriod;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/** Reads what a customer used in a period, for every usage card of a plan. Thread-safe. */
public final class PeriodUsage {

  private final MeterLookup meters;
  private final UsageTotals totals;

  public PeriodUsage(MeterLookup meters, UsageTotals totals) {
    this.meters = meters;
    this.totals = totals;
  }

  /**
   * Quantity by rate card key; a query for each usage card and for each meter, one after the other. A
   * meter is looked up once, so that all cards see the same usage of it though a backfill may be putting
   * another in its place.
   */
  public Future<Map<String, Quantity>> read(
      SqlConnection connection, Plan plan, Customer customer, BillingPeriod period) {
    Map<UUID, Meter> known = new HashMap<>();
    Future<Map<String, Quantity>> read = Future.succeededFuture(new HashMap<>());
    for (RateCard card : plan.rateCards()) {
      if (card.type() == RateCard.Type.USAGE) {
        read = read.compose(usage -> quantity(connection, card, customer, period, known)
            .map(quantity -> {
              usage.put(card.key(), quantity);
              return usage;
            }));
      }
    }
    return read;
  }

  private Future<Quantity> quantity(
      SqlConnection connection,
      RateCard card,
      Customer customer,
      BillingPeriod period,
      Map<UUID, Meter> known) {
    if (customer.subjects().isEmpty()) {
      // A query without subjects would mean everyone's usage.
      return Future.succeededFuture(Quantity.ZERO);
    }
    return meter(connection, customer.tenantId(), card.meterOfUsage().id(), known)
        .compose(meter -> totals.total(
            connection,
            UsageQuery.total(
                meter, period.from(), period.to(), customer.subjectSet(), card.filter())));
  }

  private Future<Meter> meter(
      SqlConnection connection, UUID tenantId, UUID id, Map<UUID, Meter> known) {
    Meter found = known.get(id);
    return found == null
        ? meters.find(connection, tenantId, id.toString()).onSuccess(meter -> known.put(id, meter))
        : Future.succeededFuture(found);
  }
}
