package dev.weir.api.usage;

import dev.weir.api.http.Answers;
import dev.weir.api.http.Caller;
import dev.weir.api.http.Permission;
import dev.weir.metering.database.Database;
import dev.weir.metering.detail.RunningTotalPage;
import dev.weir.metering.detail.RunningTotals;
import io.vertx.core.Future;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;

/**
 * {@code GET /api/v1/meters/:id/running-total?subject|customer&from&to&until&limit&cursor}: the events of
 * one or some subjects in the order of event time, then of the journal, each with what the meter comes to
 * from the beginning of the range up to it; for SUM and COUNT. With {@code until} the answer ends with the
 * first event whose total is greater: the one that crossed a free amount or a tier's end. {@code from} and
 * {@code to} may lie on any second; {@code filterGroupBy[dimension]} leaves out other events. A page has
 * {@code limit} events, 100 unless given, at most 1,000; {@code next} is the {@code cursor} of the page that
 * follows, and missing on the last one. All pages are of the journal as it was at the first one's {@code
 * position}; with {@code after} that is not before that position.
 */
public final class RunningTotalRoutes {

  private final Database database;
  private final VisibleUsage visible;
  private final RunningTotals totals;
  private final CustomerSubjects customers;

  public RunningTotalRoutes(
      Database database, VisibleUsage visible, RunningTotals totals, CustomerSubjects customers) {
    this.database = database;
    this.visible = visible;
    this.totals = totals;
    this.customers = customers;
  }

  public void mount(Router router) {
    router.get("/api/v1/meters/:id/running-total").handler(this::page);
  }

  private void page(RoutingContext context) {
    Caller caller = Caller.of(context, Permission.READ);
    RunningTotalRequest request = RunningTotalRequest.of(context.queryParams());
    request
        .range()
        .visible(visible)
        .compose(ready -> subjects(caller.tenantId(), request))
        .compose(subjects -> totals.page(
            caller.tenantId(), context.pathParam("id"), meter -> request.toQuery(meter, subjects)))
        .onSuccess(page -> write(context, request, page))
        .onFailure(context::fail);
  }

  /** Those of a customer, of which subjects may name some. */
  private Future<Set<String>> subjects(UUID tenantId, RunningTotalRequest request) {
    String customer = request.customer();
    if (customer == null) {
      return Future.succeededFuture(request.subjects());
    }
    return database
        .inTenant(tenantId, connection -> customers.of(connection, tenantId, customer))
        .map(ofCustomer -> {
          Set<String> subjects = new HashSet<>(ofCustomer);
          if (!request.subjects().isEmpty()) {
            subjects.retainAll(request.subjects());
          }
          return subjects;
        });
  }

  private static void write(
      RoutingContext context, RunningTotalRequest request, RunningTotalPage page) {
    Answers.write(context, 200, RunningTotalJson.wire(page, request.decimalsAsStrings()));
  }
}
