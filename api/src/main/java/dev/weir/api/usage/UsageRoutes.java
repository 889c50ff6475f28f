package dev.weir.api.usage;

import dev.weir.api.http.Answers;
import dev.weir.api.http.Caller;
import dev.weir.api.http.Permission;
import dev.weir.metering.asof.AsOfQueries;
import dev.weir.metering.detail.UsageQueries;
import dev.weir.metering.usage.UsageQuery;
import dev.weir.metering.usage.UsageRow;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;

/**
 * {@code GET|POST /api/v1/meters/:id/query}: usage of one meter as JSON or CSV. {@code from} and {@code
 * to} may lie on any second, fractions of one are dropped; a range that is not on whole minutes costs
 * reading the events between its ends and the next minutes, and counts no others. Windows that reach beyond
 * the range count with their part in it. With {@code after} it
 * waits until that journal position is visible, so that a sender reads its own writes; with {@code asOf},
 * a position or a time, it answers what was known then.
 */
public final class UsageRoutes {

  private final VisibleUsage visible;
  private final AsOfQueries earlier;
  private final UsageQueries usage;

  public UsageRoutes(VisibleUsage visible, UsageQueries usage, AsOfQueries earlier) {
    this.visible = visible;
    this.usage = usage;
    this.earlier = earlier;
  }

  public void mount(Router router) {
    router
        .get("/api/v1/meters/:id/query")
        .handler(context -> query(context, UsageRequest.ofParameters(context.queryParams())));
    router
        .post("/api/v1/meters/:id/query")
        .handler(context -> query(context, UsageRequest.ofBody(Answers.body(context))));
  }

  private record Answer(UsageQuery query, List<UsageRow> rows) {}

  private void query(RoutingContext context, UsageRequest request) {
    Caller caller = Caller.of(context, Permission.READ);
    String meterId = context.pathParam("id");
    request
        .visible(visible)
        .compose(ready -> request.asOf() == null
            ? usage
                .query(caller.tenantId(), meterId, request::toQuery)
                .map(answer -> new Answer(answer.query(), answer.rows()))
            : earlier
                .query(caller.tenantId(), meterId, request::toQuery, request.asOf())
                .map(answer -> new Answer(answer.query(), answer.rows())))
        .onSuccess(answer -> write(context, request, answer))
        .onFailure(context::fail);
  }

  private static void write(RoutingContext context, UsageRequest request, Answer answer) {
    String accept = context.request().getHeader("Accept");
    if (accept != null && accept.contains("text/csv")) {
      context
          .response()
          .putHeader("Content-Type", "text/csv; charset=utf-8")
          .end(UsageCsv.write(answer.query(), answer.rows()));
    } else {
      Answers.write(
          context, 200, UsageJson.wire(answer.query(), answer.rows(), request.decimalsAsStrings()));
    }
  }
}
