package dev.weir.api.meter;

import dev.weir.api.http.Answers;
import dev.weir.api.http.Caller;
import dev.weir.api.http.Permission;
import dev.weir.metering.Ids;
import dev.weir.metering.MeteringEngine;
import dev.weir.metering.backfill.Backfill;
import dev.weir.metering.backfill.BackfillStore;
import dev.weir.metering.meter.Meter;
import dev.weir.metering.meter.MeterStore;
import io.vertx.core.Future;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import java.util.function.BiFunction;

/** {@code /api/v1/meters/:id/backfills}: have a meter's past counted from the journal, and look on. */
public final class BackfillRoutes {

  private final MeteringEngine engine;
  private final MeterBackfills backfills;
  private final MeterStore meters = new MeterStore();

  public BackfillRoutes(MeteringEngine engine, Ids ids) {
    this.engine = engine;
    this.backfills = new MeterBackfills(engine, ids);
  }

  public void mount(Router router) {
    String all = "/api/v1/meters/:id/backfills";
    String one = all + "/:backfillId";
    router.post(all).handler(this::begin);
    router.get(all).handler(this::list);
    router.get(one).handler(this::get);
    router.post(one + "/cancel").handler(context -> change(context, engine.backfills()::cancel));
    router.post(one + "/pause").handler(context -> change(context, engine.backfills()::pause));
    router.post(one + "/resume").handler(context -> change(context, engine.backfills()::resume));
  }

  private void begin(RoutingContext context) {
    Caller caller = Caller.of(context, Permission.WRITE);
    Instant from = Answers.bodyOrNone(context).allow("from").optionalInstant("from");
    answer(
        context,
        202,
        find(context, caller)
            .compose(meter ->
                backfills.begin(meter, from).map(begun -> BackfillJson.wire(meter, begun))));
  }

  private static void answer(RoutingContext context, int status, Future<?> work) {
    work.onSuccess(body -> Answers.write(context, status, body)).onFailure(context::fail);
  }

  private Future<Meter> find(RoutingContext context, Caller caller) {
    return read(context, caller, (connection, meter) -> Future.succeededFuture(meter));
  }

  private <T> Future<T> read(
      RoutingContext context, Caller caller, BiFunction<SqlConnection, Meter, Future<T>> work) {
    return engine
        .database()
        .inTenant(
            caller.tenantId(),
            connection -> meters
                .find(connection, caller.tenantId(), context.pathParam("id"))
                .compose(meter -> work.apply(connection, meter)));
  }

  private void list(RoutingContext context) {
    BackfillStore store = engine.backfills().store();
    answer(
        context,
        200,
        read(
            context,
            Caller.of(context, Permission.READ),
            (connection, meter) -> store
                .list(connection, meter)
                .map(list -> list.stream()
                    .map(backfill -> BackfillJson.wire(meter, backfill))
                    .toList())));
  }

  private void get(RoutingContext context) {
    BackfillStore store = engine.backfills().store();
    answer(
        context,
        200,
        read(
            context,
            Caller.of(context, Permission.READ),
            (connection, meter) -> store
                .find(connection, meter, context.pathParam("backfillId"))
                .map(backfill -> BackfillJson.wire(meter, backfill))));
  }

  private void change(RoutingContext context, BiFunction<Meter, String, Future<Backfill>> work) {
    Caller caller = Caller.of(context, Permission.WRITE);
    answer(
        context,
        200,
        find(context, caller)
            .compose(meter -> work.apply(meter, context.pathParam("backfillId"))
                .map(backfill -> BackfillJson.wire(meter, backfill))));
  }
}
