package dev.weir.api.meter;

import dev.weir.metering.Ids;
import dev.weir.metering.MeteringEngine;
import dev.weir.metering.backfill.Backfill;
import dev.weir.metering.backfill.Backfills;
import dev.weir.metering.meter.Meter;
import dev.weir.metering.meter.MeterChange;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Backfills as routes ask for them and as meters show them: {@code "backfill"}, while it is under way. */
final class MeterBackfills {

  private final MeteringEngine engine;
  private final Ids ids;

  MeterBackfills(MeteringEngine engine, Ids ids) {
    this.engine = engine;
    this.ids = ids;
  }

  /** Adds a meter that counts the past too; gives it as shown. */
  Future<Map<String, Object>> addMeter(Meter meter) {
    return engine
        .backfills()
        .addMeter(new Backfills.Request(ids.next(), meter, null, null))
        .map(begun -> shown(meter, begun));
  }

  /** Changes a meter when its past is counted by the change; gives it as shown until then. */
  Future<Map<String, Object>> change(
      Meter meter, MeterChange change, Function<Meter, Future<Meter>> describe) {
    return engine
        .backfills()
        .begin(new Backfills.Request(ids.next(), meter, change, null))
        .compose(begun -> describe.apply(meter).map(described -> shown(described, begun)));
  }

  Future<Backfill> begin(Meter meter, @Nullable Instant from) {
    return engine.backfills().begin(new Backfills.Request(ids.next(), meter, null, from));
  }

  /** The meters as shown. */
  Future<List<Map<String, Object>>> shown(
      SqlConnection connection, UUID tenantId, List<Meter> meters) {
    return engine
        .backfills()
        .store()
        .unfinished(connection, tenantId)
        .map(unfinished -> meters.stream()
            .map(meter -> unfinished.stream()
                .filter(backfill -> backfill.meterId().equals(meter.id()))
                .findFirst()
                .map(backfill -> shown(meter, backfill))
                .orElseGet(() -> MeterJson.wire(meter)))
            .toList());
  }

  private static Map<String, Object> shown(Meter meter, Backfill backfill) {
    Map<String, Object> wire = MeterJson.wire(meter);
    wire.put("backfill", BackfillJson.wire(meter, backfill));
    return wire;
  }
}
