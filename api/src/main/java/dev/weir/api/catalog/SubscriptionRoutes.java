package dev.weir.api.catalog;

import dev.weir.api.http.Answers;
import dev.weir.api.http.ApiError;
import dev.weir.api.http.Caller;
import dev.weir.api.http.Page;
import dev.weir.api.http.Permission;
import dev.weir.api.usage.VisibleUsage;
import dev.weir.metering.Refusal;
import dev.weir.metering.database.Database;
import dev.weir.rating.bill.RunningBill;
import dev.weir.rating.catalog.Customer;
import dev.weir.rating.catalog.CustomerStore;
import dev.weir.rating.catalog.Plan;
import dev.weir.rating.catalog.PlanStore;
import dev.weir.rating.subscription.Subscription;
import dev.weir.rating.subscription.SubscriptionFilter;
import dev.weir.rating.subscription.SubscriptionStore;
import io.vertx.core.Future;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.sqlclient.SqlConnection;
import java.util.Arrays;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Subscriptions: create, list, get, and the running bill, which with {@code after} waits until that journal
 * position is in it.
 */
public final class SubscriptionRoutes {

  private static final String PATH = "/api/billing/subscriptions";

  private final Database database;
  private final CustomerStore customers;
  private final PlanStore plans;
  private final SubscriptionStore subscriptions;
  private final RunningBill bills;
  private final VisibleUsage visible;
  private final Answers answers;

  /**
   * @param visible what the running bill is made of
   */
  public SubscriptionRoutes(
      Database database,
      CustomerStore customers,
      PlanStore plans,
      SubscriptionStore subscriptions,
      RunningBill bills,
      VisibleUsage visible,
      Answers answers) {
    this.database = database;
    this.customers = customers;
    this.plans = plans;
    this.subscriptions = subscriptions;
    this.bills = bills;
    this.visible = visible;
    this.answers = answers;
  }

  /** Adds the routes; they need a body handler and authentication before them. */
  public void mount(Router router) {
    router.post(PATH).handler(this::create);
    router.get(PATH).handler(this::list);
    router.get(PATH + "/:id").handler(this::get);
    router.get(PATH + "/:id/bill").handler(this::bill);
  }

  private void create(RoutingContext context) {
    Caller caller = Caller.of(context, Permission.WRITE);
    UUID tenantId = caller.tenantId();
    SubscriptionRequest request = SubscriptionRequest.read(Answers.body(context), tenantId);
    answers.send(
        context,
        201,
        database.inTenant(
            tenantId,
            connection -> naming("planId", plans.find(connection, tenantId, request.plan()))
                .compose(plan -> customer(connection, tenantId, request, plan)
                    .compose(
                        customer -> subscriptions.create(connection, request.of(customer, plan))))),
        SubscriptionWire::write);
  }

  private Future<Customer> customer(
      SqlConnection connection, UUID tenantId, SubscriptionRequest request, Plan plan) {
    String named = request.customer();
    return named == null
        ? customers.own(connection, tenantId, plan.currency())
        : naming(request.customerField(), customers.find(connection, tenantId, named));
  }

  /** Gives a refusal the request field it is about. */
  private static <T> Future<T> naming(String field, Future<T> lookup) {
    return lookup.recover(failure -> Future.failedFuture(
        failure instanceof Refusal refusal && refusal.field() == null
            ? new Refusal(refusal.code(), field, refusal.text())
            : failure));
  }

  private void list(RoutingContext context) {
    Caller caller = Caller.of(context, Permission.READ);
    Page page = Page.of(context);
    SubscriptionFilter filter = new SubscriptionFilter(customerId(context), status(context));
    answers.sendPage(
        context,
        page,
        database
            .inTenant(
                caller.tenantId(),
                connection -> subscriptions.list(
                    connection, caller.tenantId(), filter, page.limit(), page.offset()))
            .map(Slices::page),
        SubscriptionWire::write);
  }

  private static @Nullable UUID customerId(RoutingContext context) {
    String text = context.request().getParam("customerId");
    if (text == null) {
      return null;
    }
    try {
      return UUID.fromString(text);
    } catch (IllegalArgumentException e) {
      throw new Refusal(
          ApiError.QUERY_PARAMETER_INVALID, "customerId", "'customerId' must be a customer's id.");
    }
  }

  private static Subscription.@Nullable Status status(RoutingContext context) {
    String text = context.request().getParam("status");
    if (text == null) {
      return null;
    }
    for (Subscription.Status status : Subscription.Status.values()) {
      if (status.name().equalsIgnoreCase(text)) {
        return status;
      }
    }
    throw new Refusal(
        ApiError.QUERY_PARAMETER_INVALID,
        "status",
        "'status' must be one of %s."
            .formatted(Arrays.toString(Subscription.Status.values()).toLowerCase(Locale.ROOT)));
  }

  private void get(RoutingContext context) {
    Caller caller = Caller.of(context, Permission.READ);
    String id = context.pathParam("id");
    answers.send(
        context,
        200,
        database.inTenant(
            caller.tenantId(), connection -> subscriptions.find(connection, caller.tenantId(), id)),
        SubscriptionWire::write);
  }

  private void bill(RoutingContext context) {
    Caller caller = Caller.of(context, Permission.READ);
    String id = context.pathParam("id");
    answers.send(
        context,
        200,
        visible
            .reaches(context.request().getParam("after"))
            .compose(reached -> bills.of(caller.tenantId(), id, visible::position)),
        SubscriptionWire::write);
  }
}
