package dev.weir.api.catalog;

import dev.weir.api.http.Answers;
import dev.weir.api.http.Caller;
import dev.weir.api.http.Page;
import dev.weir.api.http.Permission;
import dev.weir.metering.database.Database;
import dev.weir.rating.catalog.CustomerDraft;
import dev.weir.rating.catalog.CustomerStore;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/** Customers: create, list, get. */
public final class CustomerRoutes {

  private static final String PATH = "/api/billing/customers";

  private final Database database;
  private final CustomerStore customers;
  private final Answers answers;

  public CustomerRoutes(Database database, CustomerStore customers, Answers answers) {
    this.database = database;
    this.customers = customers;
    this.answers = answers;
  }

  /** Adds the routes; they need a body handler and authentication before them. */
  public void mount(Router router) {
    router.post(PATH).handler(this::create);
    router.get(PATH).handler(this::list);
    router.get(PATH + "/:id").handler(this::get);
  }

  private void create(RoutingContext context) {
    Caller caller = Caller.of(context, Permission.WRITE);
    CustomerDraft draft = CustomerWire.read(Answers.body(context));
    answers.send(
        context,
        201,
        database.inTenant(
            caller.tenantId(),
            connection -> customers.create(connection, caller.tenantId(), draft)),
        CustomerWire::write);
  }

  private void list(RoutingContext context) {
    Caller caller = Caller.of(context, Permission.READ);
    Page page = Page.of(context);
    answers.sendPage(
        context,
        page,
        database
            .inTenant(
                caller.tenantId(),
                connection ->
                    customers.list(connection, caller.tenantId(), page.limit(), page.offset()))
            .map(Slices::page),
        CustomerWire::write);
  }

  private void get(RoutingContext context) {
    Caller caller = Caller.of(context, Permission.READ);
    String id = context.pathParam("id");
    answers.send(
        context,
        200,
        database.inTenant(
            caller.tenantId(), connection -> customers.find(connection, caller.tenantId(), id)),
        CustomerWire::write);
  }
}
