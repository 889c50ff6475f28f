package dev.weir.api.invoices;

import dev.weir.api.http.Answers;
import dev.weir.api.http.Caller;
import dev.weir.api.http.Page;
import dev.weir.api.http.Permission;
import dev.weir.invoicing.run.BillingRun;
import dev.weir.invoicing.run.BillingRuns;
import dev.weir.invoicing.run.RunRequest;
import dev.weir.metering.json.JsonFields;
import io.vertx.core.Future;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/** {@code /api/billing/runs}: start a run, follow it, list runs. */
public final class BillingRunRoutes {

  private static final String ROOT = "/api/billing/runs";

  private final Answers answers;
  private final BillingRuns runs;

  public BillingRunRoutes(Answers answers, BillingRuns runs) {
    this.answers = answers;
    this.runs = runs;
  }

  /** Adds the routes; authentication and the body handler come before them. */
  public void mount(Router router) {
    router.post(ROOT).handler(this::start);
    router.get(ROOT).handler(this::list);
    router.get(ROOT + "/:id").handler(this::get);
  }

  private void start(RoutingContext context) {
    Caller caller = Caller.of(context, Permission.BILL);
    JsonFields body = Answers.body(context).allow("until", "dryRun", "finalize");
    RunRequest request = new RunRequest(
        body.instant("until"), body.flag("dryRun", false), body.flag("finalize", true));
    answers.send(context, 202, runs.start(caller.tenantId(), request), BillingRunWire::started);
  }

  private void list(RoutingContext context) {
    Caller caller = Caller.of(context, Permission.READ);
    Page page = Page.of(context);
    Future<Answers.PageOf<BillingRun>> work = runs.list(
            caller.tenantId(), page.limit(), page.offset())
        .map(slice -> new Answers.PageOf<>(slice.items(), slice.total()));
    answers.sendPage(context, page, work, BillingRunWire::run);
  }

  private void get(RoutingContext context) {
    Caller caller = Caller.of(context, Permission.READ);
    answers.send(
        context,
        200,
        runs.report(caller.tenantId(), context.pathParam("id")),
        BillingRunWire::report);
  }
}
