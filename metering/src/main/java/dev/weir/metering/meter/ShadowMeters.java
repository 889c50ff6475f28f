package dev.weir.metering.meter;

import dev.weir.metering.journal.JournalPosition;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The meters that backfills prepare: what arrives after the position where a backfill ends is counted
 * for them from the start, though nobody sees that yet.
 */
final class ShadowMeters {

  private static final String UNFINISHED = """
      SELECT meter_id, backfill_id, value_property, group_by::text, filter::text, until_position
        FROM meter_backfills WHERE state IN ('queued', 'running', 'paused')
      """;

  private ShadowMeters() {}

  /**
   * The meters and their shadows.
   *
   * @param tenantId whose meters these are; null for all tenants'
   */
  static Future<List<ActiveMeter>> of(
      SqlConnection connection, List<ActiveMeter> meters, @Nullable UUID tenantId) {
    return (tenantId == null
            ? connection.query(UNFINISHED).execute()
            : connection
                .preparedQuery(UNFINISHED + " AND tenant_id = $1")
                .execute(Tuple.of(tenantId)))
        .map(rows -> {
          if (rows.size() == 0) {
            return meters;
          }
          Map<UUID, Meter> byId = meters.stream()
              .map(ActiveMeter::meter)
              .collect(Collectors.toMap(Meter::id, Function.identity()));
          List<ActiveMeter> all = new ArrayList<>(meters);
          rows.forEach(row -> {
            Meter meter = byId.get(row.getUUID("meter_id"));
            if (meter != null) {
              all.add(shadow(meter, row));
            }
          });
          return all;
        });
  }

  private static ActiveMeter shadow(Meter meter, Row row) {
    MeterChange wanted = MeterChange.read(
        row.getString("value_property"), row.getString("group_by"), row.getString("filter"));
    return new ActiveMeter(
        meter.counting(wanted, row.getUUID("backfill_id")),
        JournalPosition.parse(row.getString("until_position"), "until_position"),
        null,
        true);
  }
}
