package dev.weir.invoicing.run;

import dev.weir.invoicing.InvoiceDraft;
import dev.weir.metering.Quantity;
import dev.weir.rating.bill.PeriodUsage;
import dev.weir.rating.catalog.Customer;
import dev.weir.rating.catalog.CustomerStore;
import dev.weir.rating.catalog.Plan;
import dev.weir.rating.catalog.PlanStore;
import dev.weir.rating.subscription.BillingPeriod;
import dev.weir.rating.subscription.Subscription;
import dev.weir.rating.subscription.SubscriptionStore;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.util.Map;

/** Where a bill's ingredients come from. */
public record BillingSources(
    SubscriptionStore subscriptions, CustomerStore customers, PlanStore plans, PeriodUsage usage) {

  /** Reads what the subscription's next boundary needs and closes it. */
  Future<InvoiceDraft> draft(SqlConnection connection, Subscription subscription) {
    return customers
        .find(connection, subscription.tenantId(), subscription.customerId().toString())
        .compose(customer -> plans
            .find(connection, subscription.tenantId(), subscription.planId().toString())
            .compose(plan -> quantities(connection, subscription, customer, plan)
                .map(quantities -> InvoiceDraft.close(
                    subscription, customer, plan, subscription.nextBoundary(), quantities))));
  }

  private Future<Map<String, Quantity>> quantities(
      SqlConnection connection, Subscription subscription, Customer customer, Plan plan) {
    BillingPeriod ended = InvoiceDraft.ended(subscription, subscription.nextBoundary());
    return ended == null
        ? Future.succeededFuture(Map.of())
        : usage.read(connection, plan, customer, ended);
  }
}
