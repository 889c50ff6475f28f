package dev.weir.api.catalog;

import dev.weir.api.http.Answers;
import dev.weir.api.http.Caller;
import dev.weir.api.http.Page;
import dev.weir.api.http.Permission;
import dev.weir.metering.database.Database;
import dev.weir.rating.catalog.PlanDraft;
import dev.weir.rating.catalog.PlanStore;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/** Plans: create a version, list the newest versions, get one by id or the newest by key. */
public final class PlanRoutes {

  private static final String PATH = "/api/billing/plans";

  private final Database database;
  private final PlanStore plans;
  private final Answers answers;

  public PlanRoutes(Database database, PlanStore plans, Answers answers) {
    this.database = database;
    this.plans = plans;
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
    PlanDraft draft = PlanWire.read(Answers.body(context));
    answers.send(
        context,
        201,
        database.inTenant(
            caller.tenantId(), connection -> plans.create(connection, caller.tenantId(), draft)),
        PlanWire::write);
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
                    plans.list(connection, caller.tenantId(), page.limit(), page.offset()))
            .map(Slices::page),
        PlanWire::write);
  }

  private void get(RoutingContext context) {
    Caller caller = Caller.of(context, Permission.READ);
    String id = context.pathParam("id");
    answers.send(
        context,
        200,
        database.inTenant(
            caller.tenantId(), connection -> plans.find(connection, caller.tenantId(), id)),
        PlanWire::write);
  }
}
