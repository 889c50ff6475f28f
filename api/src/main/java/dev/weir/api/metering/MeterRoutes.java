package dev.weir.api.metering;

import dev.weir.api.http.Answers;
import dev.weir.api.http.Caller;
import dev.weir.api.http.Permission;
import dev.weir.metering.Ids;
import dev.weir.metering.MeteringEngine;
import dev.weir.metering.MeteringError;
import dev.weir.metering.Refusal;
import dev.weir.metering.json.JsonFields;
import dev.weir.metering.meter.Meter;
import dev.weir.metering.meter.MeterDefinition;
import dev.weir.metering.meter.MeterStore;
import dev.weir.metering.usage.UsageQuery;
import dev.weir.metering.usage.UsageStore;
import io.vertx.core.Future;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiFunction;

/** Meters: create, list, get, describe, delete, and which subjects have used them. */
public final class MeterRoutes {

  /** Most subjects in one answer; {@code after} the last of them asks for more. */
  private static final int SUBJECTS_MAX = 10_000;

  private final MeteringEngine engine;
  private final Ids ids;
  private final InstantSource clock;
  private final BiFunction<SqlConnection, UUID, Future<Boolean>> isBilled;
  private final MeterStore meters = new MeterStore();
  private final UsageStore usage = new UsageStore();

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
  }

  public void mount(Router router) {
    router.post("/api/v1/meters").handler(this::create);
    router.get("/api/v1/meters").handler(this::list);
    router.get("/api/v1/meters/:id").handler(this::get);
    router.get("/api/v1/meters/:id/subjects").handler(this::subjects);
    router.put("/api/v1/meters/:id").handler(this::describe);
    router.delete("/api/v1/meters/:id").handler(this::delete);
  }

  private void create(RoutingContext context) {
    Caller caller = Caller.of(context, Permission.WRITE);
    MeterDefinition definition = MeterRequest.definition(Answers.body(context));
    engine
        .addMeter(definition.toMeter(ids.next(), caller.tenantId(), now()))
        .onSuccess(meter -> Answers.write(context, 201, MeterJson.wire(meter)))
        .onFailure(context::fail);
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }

  private void list(RoutingContext context) {
    Caller caller = Caller.of(context, Permission.READ);
    MeterSlice slice = MeterSlice.of(context.queryParams());
    engine
        .database()
        .inTenant(caller.tenantId(), connection -> meters.list(connection, caller.tenantId()))
        .map(slice::of)
        .onSuccess(list ->
            Answers.write(context, 200, list.stream().map(MeterJson::wire).toList()))
        .onFailure(context::fail);
  }

  private void get(RoutingContext context) {
    find(context, Caller.of(context, Permission.READ))
        .onSuccess(meter -> Answers.write(context, 200, MeterJson.wire(meter)))
        .onFailure(context::fail);
  }

  private void subjects(RoutingContext context) {
    Caller caller = Caller.of(context, Permission.READ);
    UsageRequest range = UsageRequest.ofParameters(context.queryParams());
    engine
        .database()
        .inTenant(
            caller.tenantId(),
            connection -> meters
                .find(connection, caller.tenantId(), context.pathParam("id"))
                .compose(meter -> subjects(connection, meter, range)))
        .onSuccess(subjects -> Answers.write(context, 200, subjects))
        .onFailure(context::fail);
  }

  /** Of a range when one is asked for, which costs as much as the usage by subject. */
  private Future<List<String>> subjects(SqlConnection connection, Meter meter, UsageRequest range) {
    if (range.from() == null && range.to() == null) {
      return usage.subjects(connection, meter, range.after(), SUBJECTS_MAX);
    }
    UsageQuery query = new UsageQuery(
        meter, range.from(), range.to(), Set.of(), Map.of(), List.of(), true, null, ZoneOffset.UTC);
    return usage
        .query(connection, query)
        .map(rows -> rows.stream().map(row -> String.valueOf(row.subject())).toList());
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
    if (fields.has("slug") || fields.has("eventType") || fields.has("aggregation")) {
      MeterRequest.definition(fields).checkSameMeaning(meter);
    } else {
      MeterRequest.definition(MeterRequest.over(meter, fields)).checkSameMeaning(meter);
    }
    return meters
        .describe(connection, meter, MeterRequest.label(fields), now())
        .compose(done -> meters.find(connection, meter.tenantId(), meter.id().toString()));
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
