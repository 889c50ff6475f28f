package dev.weir.api.metering;

import dev.weir.api.http.Answers;
import dev.weir.api.http.Caller;
import dev.weir.api.http.Permission;
import dev.weir.metering.Ids;
import dev.weir.metering.MeteringEngine;
import dev.weir.metering.MeteringError;
import dev.weir.metering.Refusal;
import dev.weir.metering.json.JsonFields;
import dev.weir.metering.meter.Aggregation;
import dev.weir.metering.meter.JsonPath;
import dev.weir.metering.meter.Meter;
import dev.weir.metering.meter.MeterChange;
import dev.weir.metering.meter.MeterDefinition;
import dev.weir.metering.meter.MeterStore;
import io.vertx.core.Future;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Meters: create, list, get, describe, delete. */
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
    Meter meter = definition(fields).toMeter(ids.next(), caller.tenantId(), now());
    if (MeterBackfills.isAsked(context, fields)) {
      backfills
          .addMeter(meter)
          .onSuccess(begun ->
              Answers.write(context, 201, MeterBackfills.wire(wire(meter), List.of(begun))))
          .onFailure(context::fail);
    } else {
      engine
          .addMeter(meter)
          .onSuccess(added -> Answers.write(context, 201, wire(added)))
          .onFailure(context::fail);
    }
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }

  private void list(RoutingContext context) {
    Caller caller = Caller.of(context, Permission.READ);
    engine
        .database()
        .inTenant(
            caller.tenantId(),
            connection -> meters
                .list(connection, caller.tenantId())
                .compose(list -> backfills.wired(connection, caller.tenantId(), list)))
        .onSuccess(list -> Answers.write(context, 200, list))
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
                .compose(meter -> backfills.wired(connection, caller.tenantId(), List.of(meter))))
        .onSuccess(wired -> Answers.write(context, 200, wired.get(0)))
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
    if (MeterBackfills.isAsked(context, fields)) {
      change(context, caller, definition(fields));
      return;
    }
    engine
        .database()
        .inTenant(
            caller.tenantId(),
            connection -> meters
                .find(connection, caller.tenantId(), context.pathParam("id"))
                .compose(meter -> describe(connection, meter, fields)))
        .onSuccess(meter -> Answers.write(context, 200, wire(meter)))
        .onFailure(context::fail);
  }

  /** Changes take effect when the past is counted by them; until then all is as it was. */
  private void change(RoutingContext context, Caller caller, MeterDefinition definition) {
    engine
        .database()
        .inTenant(
            caller.tenantId(),
            connection -> meters
                .find(connection, caller.tenantId(), context.pathParam("id"))
                .compose(meter ->
                    allowed(connection, meter, definition.change(meter)).map(meter)))
        .compose(meter -> backfills
            .begin(meter, definition.change(meter), null)
            .compose(begun -> described(meter, definition.description())
                .map(described -> MeterBackfills.wire(wire(described), List.of(begun)))))
        .onSuccess(wired -> Answers.write(context, 202, wired))
        .onFailure(context::fail);
  }

  private Future<Meter> described(Meter meter, @Nullable String description) {
    return engine
        .database()
        .inTenant(
            meter.tenantId(),
            connection -> meters
                .describe(connection, meter, description, now())
                .compose(
                    done -> meters.find(connection, meter.tenantId(), meter.id().toString())));
  }

  /** What a plan prices may be priced by a dimension, so none of them goes. */
  private Future<Void> allowed(SqlConnection connection, Meter meter, MeterChange change) {
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

  /** A body may repeat the whole meter or give the description alone. */
  private Future<Meter> describe(SqlConnection connection, Meter meter, JsonFields fields) {
    if (fields.has("slug") || fields.has("eventType") || fields.has("aggregation")) {
      definition(fields).checkSameMeaning(meter);
    } else {
      fields.allow("description");
    }
    String description = fields.optionalText("description");
    return meters
        .describe(connection, meter, description, now())
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

  private static MeterDefinition definition(JsonFields fields) {
    fields.allow(
        "id",
        "slug",
        "description",
        "eventType",
        "aggregation",
        "valueProperty",
        "groupBy",
        "filter",
        "windowSize",
        "createdAt",
        "updatedAt",
        "backfill");
    if (!fields.textOr("windowSize", "MINUTE").equals("MINUTE")) {
      throw fields.invalid("windowSize", "must be MINUTE, the grain that all others are made of.");
    }
    return new MeterDefinition(
        fields.text("slug"),
        fields.optionalText("description"),
        fields.text("eventType"),
        fields.oneOf("aggregation", Aggregation.class),
        fields.optionalText("valueProperty"),
        fields.textMap("groupBy", Meter.GROUP_BY_MAX),
        filter(fields));
  }

  private static Map<String, List<String>> filter(JsonFields fields) {
    Map<String, List<String>> filter = new HashMap<>();
    if (fields.has("filter")) {
      JsonFields paths = fields.object("filter");
      fields
          .requiredNode("filter")
          .fieldNames()
          .forEachRemaining(path -> filter.put(path, paths.texts(path, 100)));
    }
    return filter;
  }

  static Map<String, Object> wire(Meter meter) {
    Map<String, Object> wire = new LinkedHashMap<>();
    wire.put("id", meter.id());
    wire.put("slug", meter.key());
    if (meter.description() != null) {
      wire.put("description", meter.description());
    }
    wire.put("eventType", meter.eventType());
    wire.put("aggregation", meter.aggregation().name());
    JsonPath value = meter.valueProperty();
    if (value != null) {
      wire.put("valueProperty", value.text());
    }
    Map<String, String> groupBy = new TreeMap<>();
    meter.groupBy().forEach((name, path) -> groupBy.put(name, path.text()));
    wire.put("groupBy", groupBy);
    if (!meter.filter().isEmpty()) {
      wire.put("filter", new TreeMap<>(meter.filter()));
    }
    wire.put("windowSize", "MINUTE");
    wire.put("createdAt", meter.createdAt());
    wire.put("updatedAt", meter.updatedAt());
    return wire;
  }
}
