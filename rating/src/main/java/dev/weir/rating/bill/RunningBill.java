package dev.weir.rating.bill;

import dev.weir.metering.database.Database;
import dev.weir.rating.catalog.Customer;
import dev.weir.rating.catalog.CustomerStore;
import dev.weir.rating.catalog.Plan;
import dev.weir.rating.catalog.PlanStore;
import dev.weir.rating.subscription.BillingPeriod;
import dev.weir.rating.subscription.Subscription;
import dev.weir.rating.subscription.SubscriptionStore;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import java.time.InstantSource;
import java.util.UUID;
import java.util.function.Supplier;

/** What a subscription owes for its current period, from the usage known now. Thread-safe. */
public final class RunningBill {

  private final Database database;
  private final SubscriptionStore subscriptions;
  private final CustomerStore customers;
  private final PlanStore plans;
  private final PeriodUsage usage;
  private final InstantSource clock;

  public RunningBill(
      Database database,
      SubscriptionStore subscriptions,
      CustomerStore customers,
      PlanStore plans,
      PeriodUsage usage,
      InstantSource clock) {
    this.database = database;
    this.subscriptions = subscriptions;
    this.customers = customers;
    this.plans = plans;
    this.usage = usage;
    this.clock = clock;
  }

  /**
   * A bill and how fresh it is.
   *
   * @param asOf when it was calculated
   * @param position the journal up to here, at least, is in it
   */
  public record Snapshot(Bill bill, Instant asOf, String position) {}

  /**
   * The bill of the subscription's current period, read in one transaction; refuses with
   * SUBSCRIPTION_NOT_FOUND.
   *
   * @param position asked once, before any usage is read
   */
  public Future<Snapshot> of(UUID tenantId, String subscriptionId, Supplier<String> position) {
    Instant asOf = clock.instant();
    String known = position.get();
    return database
        .inTenant(
            tenantId,
            connection -> subscriptions
                .find(connection, tenantId, subscriptionId)
                .compose(subscription -> bill(connection, subscription)))
        .map(bill -> new Snapshot(bill, asOf, known));
  }

  private Future<Bill> bill(SqlConnection connection, Subscription subscription) {
    UUID tenantId = subscription.tenantId();
    BillingPeriod period = subscription.currentPeriod();
    return plans
        .find(connection, tenantId, subscription.planId().toString())
        .compose(plan -> customers
            .find(connection, tenantId, subscription.customerId().toString())
            .compose(customer -> bill(connection, plan, customer, period)));
  }

  private Future<Bill> bill(
      SqlConnection connection, Plan plan, Customer customer, BillingPeriod period) {
    return usage
        .read(connection, plan, customer, period)
        .map(quantities -> BillCalculator.bill(plan, quantities, period));
  }
}
