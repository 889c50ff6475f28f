package dev.weir.api.meter;

import dev.weir.api.http.Answers;
import dev.weir.api.http.Caller;
import dev.weir.api.http.Permission;
import dev.weir.metering.Ids;
import dev.weir.metering.MeteringEngine;
import dev.weir.metering.MeteringError;
import dev.weir.metering.Refusal;
import dev.weir.metering.json.JsonFields;
import dev.weir.metering.meter.Meter;
import dev.weir.metering.meter.MeterChange;
import dev.weir.metering.meter.MeterStore;
import io.vertx.core.Future;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * Meters: create, list, get, describe, change, delete.
 *
 * <p>A meter has {@code slug}, {@code eventType}, {@code aggregation}, {@code groupBy}, {@code filter},
 * {@code exclude}, {@code rounding} and {@code nonNegative}, and by its aggregation:
 *
 * <ul>
 *   <li>{@code valueProperty}, the path of the value; all but COUNT need it. It is a decimal, for UNIQUE_COUNT
 *       and WEIGHTED_UNIQUE_COUNT any single value, compared as text.
 *   <li>{@code percentile}, over 0 up to 100; PERCENTILE needs it.
 *   <li>{@code weighting}, for WEIGHTED_SUM and WEIGHTED_UNIQUE_COUNT: INSTANT, as is usual, or DAY, by which a
 *       change counts for all of its event's day in {@code weightingTimeZone}, UTC unless given.
 *   <li>{@code operationProperty}, for WEIGHTED_UNIQUE_COUNT: the path where events say {@code "add"} or
 *       {@code "remove"}; an event that says nothing there adds, as all do without it, and one that says
 *       anything else is rejected with EVENT_VALUE_INVALID.
 * </ul>
 *
 * What each aggregation means is said at {@link dev.weir.metering.meter.Aggregation}. A WEIGHTED_UNIQUE_COUNT
 * answers a mean over the range that is asked for: prorated by the days of a period is usage of that period
 * of a meter weighted by DAY.
 */
public final class MeterRoutes {

  private final MeteringEngine engine;
  private final Ids ids;
  private final InstantSource clock;
  private final BiFunction<SqlConnection, UUID, Future<Boolean>> isBilled;
  private final MeterStore meters = new MeterStore();
  private final MeterBackfills backfills;

  /**
   * @param isBilled whether any plan prices the meter with this id, so that it must stay
   */
  public MeterRoutes(
      MeteringEngine engine,
      Ids ids,
      InstantSource clock,
      BiFunction<SqlConnection, UUID, Future<Boolean>> isBilled) {
    this.engine = engine;
    this.ids = ids;
    this.clock = clock;
    this.isBilled = isBilled;
    this.backfills = new MeterBackfills(engine, ids);
  }

  public void mount(Router router) {
    router.post("/api/v1/meters").handler(this::create);
    router.get("/api/v1/meters").handler(this::list);
    router.get("/api/v1/meters/:id").handler(this::get);
    router.put("/api/v1/meters/:id").handler(this::describe);
    router.delete("/api/v1/meters/:id").handler(this::delete);
  }

  private void create(RoutingContext context) {
    Caller caller = Caller.of(context, Permission.WRITE);
    JsonFields fields = Answers.body(context);
    Meter meter = MeterRequest.definition(fields).toMeter(ids.next(), caller.tenantId(), now());
    Future<Map<String, Object>> added = MeterRequest.isBackfillAsked(context, fields)
        ? backfills.addMeter(meter)
        : engine.addMeter(meter).map(MeterJson::wire);
    added.onSuccess(wire -> Answers.write(context, 201, wire)).onFailure(context::fail);
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }

  private void list(RoutingContext context) {
    Caller caller = Caller.of(context, Permission.READ);
    MeterSlice slice = MeterSlice.of(context.queryParams());
    engine
        .database()
        .inTenant(
            caller.tenantId(),
            connection -> meters
                .list(connection, caller.tenantId())
                .compose(list -> backfills.shown(connection, caller.tenantId(), slice.of(list))))
        .onSuccess(shown -> Answers.write(context, 200, shown))
        .onFailure(context::fail);
  }

  private void get(RoutingContext context) {
    Caller caller = Caller.of(context, Permission.READ);
    engine
        .database()
        .inTenant(
            caller.tenantId(),
            connection -> meters
                .find(connection, caller.tenantId(), context.pathParam("id"))
                .compose(meter -> backfills.shown(connection, caller.tenantId(), List.of(meter))))
        .onSuccess(shown -> Answers.write(context, 200, shown.get(0)))
        .onFailure(context::fail);
  }

  private Future<Meter> find(RoutingContext context, Caller caller) {
    return engine
        .database()
        .inTenant(
            caller.tenantId(),
            connection -> meters.find(connection, caller.tenantId(), context.pathParam("id")));
  }

  private void describe(RoutingContext context) {
    Caller caller = Caller.of(context, Permission.WRITE);
    JsonFields fields = Answers.body(context);
    if (MeterRequest.isBackfillAsked(context, fields)) {
      change(context, caller, fields);
      return;
    }
    engine
        .database()
        .inTenant(
            caller.tenantId(),
            connection -> meters
                .find(connection, caller.tenantId(), context.pathParam("id"))
                .compose(meter -> describe(connection, meter, fields)))
        .onSuccess(meter -> Answers.write(context, 200, MeterJson.wire(meter)))
        .onFailure(context::fail);
  }

  /** A body may repeat the whole meter or give its label alone. */
  private Future<Meter> describe(SqlConnection connection, Meter meter, JsonFields fields) {
    MeterRequest.whole(meter, fields).checkSameMeaning(meter);
    return meters
        .describe(connection, meter, MeterRequest.label(fields), now())
        .compose(done -> meters.find(connection, meter.tenantId(), meter.id().toString()));
  }

  /** Takes effect when the past is counted by it; until then the meter counts as it did. */
  private void change(RoutingContext context, Caller caller, JsonFields fields) {
    engine
        .database()
        .inTenant(
            caller.tenantId(),
            connection -> meters
                .find(connection, caller.tenantId(), context.pathParam("id"))
                .compose(meter -> checked(connection, meter, fields).map(meter)))
        .compose(meter -> backfills.change(
            meter, MeterRequest.whole(meter, fields).change(meter), described(fields)))
        .onSuccess(wire -> Answers.write(context, 202, wire))
        .onFailure(context::fail);
  }

  /** What of a label is given at once, as it is no part of what is counted. */
  private Function<Meter, Future<Meter>> described(JsonFields fields) {
    boolean isGiven = fields.has("name") || fields.has("description") || fields.has("metadata");
    return meter -> isGiven
        ? engine
            .database()
            .inTenant(
                meter.tenantId(),
                connection -> meters
                    .describe(connection, meter, MeterRequest.label(fields), now())
                    .compose(done ->
                        meters.find(connection, meter.tenantId(), meter.id().toString())))
        : Future.succeededFuture(meter);
  }

  /** What a plan prices may be priced by a dimension, so none of them goes. */
  private Future<Void> checked(SqlConnection connection, Meter meter, JsonFields fields) {
    MeterChange change = MeterRequest.whole(meter, fields).change(meter);
    return change.groupBy().keySet().containsAll(meter.groupBy().keySet())
        ? Future.succeededFuture()
        : isBilled
            .apply(connection, meter.id())
            .compose(billed -> billed
                ? Future.failedFuture(new Refusal(
                    MeteringError.METER_IN_USE,
                    "groupBy",
                    "A plan prices the meter '%s' and may do so by %s; keep them all."
                        .formatted(meter.key(), meter.groupBy().keySet())))
                : Future.succeededFuture());
  }

  private void delete(RoutingContext context) {
    Caller caller = Caller.of(context, Permission.WRITE);
    find(context, caller)
        .compose(
            meter -> engine.deleteMeter(meter, now(), connection -> unbilled(connection, meter)))
        .onSuccess(done -> context.response().setStatusCode(204).end())
        .onFailure(context::fail);
  }

  private Future<Void> unbilled(SqlConnection connection, Meter meter) {
    return isBilled
        .apply(connection, meter.id())
        .compose(billed -> billed
            ? Future.failedFuture(new Refusal(
                MeteringError.METER_IN_USE,
                "A plan prices the meter '%s', so it must stay.".formatted(meter.key())))
            : Future.succeededFuture());
  }
}
