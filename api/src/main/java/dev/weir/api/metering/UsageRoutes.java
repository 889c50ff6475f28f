package dev.weir.api.metering;

import dev.weir.api.http.Answers;
import dev.weir.api.http.Caller;
import dev.weir.api.http.Permission;
import dev.weir.metering.MeteringEngine;
import dev.weir.metering.asof.AsOfQueries;
import dev.weir.metering.journal.JournalPosition;
import dev.weir.metering.meter.MeterStore;
import dev.weir.metering.usage.UsageQuery;
import dev.weir.metering.usage.UsageRow;
import dev.weir.metering.usage.UsageStore;
import io.vertx.core.Future;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/**
 * {@code GET|POST /api/v1/meters/:id/query}: usage of one meter as JSON or CSV. With {@code after} it
 * waits until that journal position is visible, so that a sender reads its own writes; with {@code asOf},
 * a position or a time, it answers what was known then.
 */
public final class UsageRoutes {

  private static final Duration VISIBLE_TIMEOUT = Duration.ofSeconds(10);

  private final MeteringEngine engine;
  private final AsOfQueries earlier;
  private final InstantSource clock;
  private final MeterStore meters = new MeterStore();
  private final UsageStore usage = new UsageStore();

  public UsageRoutes(MeteringEngine engine, AsOfQueries earlier, InstantSource clock) {
    this.engine = engine;
    this.earlier = earlier;
    this.clock = clock;
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

  private void query(RoutingContext context, UsageRequest asked) {
    UsageRequest request = asked.upToWholeMinute(clock.instant());
    Caller caller = Caller.of(context, Permission.READ);
    String meterId = context.pathParam("id");
    visible(request)
        .compose(ready -> request.asOf() == null
            ? now(caller, meterId, request)
            : earlier
                .query(caller.tenantId(), meterId, request::toQuery, request.asOf())
                .map(answer -> new Answer(answer.query(), answer.rows())))
        .onSuccess(answer -> write(context, request, answer))
        .onFailure(context::fail);
  }

  private Future<Answer> now(Caller caller, String meterId, UsageRequest request) {
    return engine
        .database()
        .inTenant(
            caller.tenantId(),
            connection -> meters.find(connection, caller.tenantId(), meterId).compose(meter -> {
              UsageQuery query = request.toQuery(meter);
              return usage.query(connection, query).map(rows -> new Answer(query, rows));
            }));
  }

  private Future<Void> visible(UsageRequest request) {
    return request.after() == null
        ? Future.succeededFuture()
        : engine.awaitVisible(JournalPosition.parse(request.after(), "after"), VISIBLE_TIMEOUT);
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
