package dev.weir.api.metering;

import dev.weir.metering.Ids;
import dev.weir.metering.MeteringEngine;
import dev.weir.metering.backfill.Backfill;
import dev.weir.metering.backfill.Backfills;
import dev.weir.metering.json.JsonFields;
import dev.weir.metering.meter.Meter;
import dev.weir.metering.meter.MeterChange;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Backfills as routes ask for them and as meters show them. */
final class MeterBackfills {

  private final MeteringEngine engine;
  private final Ids ids;

  MeterBackfills(MeteringEngine engine, Ids ids) {
    this.engine = engine;
    this.ids = ids;
  }

  /** Whether the body or the query asks to have the past counted too. */
  static boolean isAsked(RoutingContext context, JsonFields fields) {
    return fields.flag("backfill", "true".equals(context.queryParams().get("backfill")));
  }

  /** A new meter that counts the past too. */
  Future<Backfill> addMeter(Meter meter) {
    return engine.backfills().addMeter(new Backfills.Request(ids.next(), meter, null, null));
  }

  Future<Backfill> begin(Meter meter, @Nullable MeterChange change, @Nullable Instant from) {
    return engine.backfills().begin(new Backfills.Request(ids.next(), meter, change, from));
  }

  /** The meters as shown, each with the backfill that is under way. */
  Future<List<Map<String, Object>>> wired(
      SqlConnection connection, UUID tenantId, List<Meter> meters) {
    return engine
        .backfills()
        .store()
        .unfinished(connection, tenantId)
        .map(unfinished -> meters.stream()
            .map(meter -> wire(
                MeterRoutes.wire(meter),
                unfinished.stream()
                    .filter(backfill -> backfill.meterId().equals(meter.id()))
                    .toList()))
            .toList());
  }

  /** A meter with what is under way; its definition is the one in force. */
  static Map<String, Object> wire(Map<String, Object> meter, List<Backfill> unfinished) {
    Map<String, Object> wire = new LinkedHashMap<>(meter);
    for (Backfill backfill : unfinished) {
      wire.put("backfill", BackfillJson.wire(backfill));
    }
    return wire;
  }
}
