package dev.weir.metering.backfill;

import dev.weir.metering.journal.JournalPosition;
import dev.weir.metering.json.Json;
import dev.weir.metering.meter.MeterChange;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A backfill as its row holds it. */
final class BackfillRow {

  private BackfillRow() {}

  static Backfill read(Row row) {
    String code = row.getString("reason_code");
    return new Backfill(
        row.getUUID("backfill_id"),
        row.getUUID("tenant_id"),
        row.getUUID("meter_id"),
        MeterChange.read(row.getString("wanted")),
        BackfillState.of(row.getString("state")),
        code == null ? null : new Backfill.Reason(code, row.getString("reason")),
        time(row, "asked_from"),
        progress(row),
        new Backfill.Times(
            row.getOffsetDateTime("created_at").toInstant(),
            time(row, "started_at"),
            row.getOffsetDateTime("updated_at").toInstant(),
            time(row, "ended_at")));
  }

  private static BackfillProgress progress(Row row) {
    String start = row.getString("start_position");
    return new BackfillProgress(
        start == null ? null : JournalPosition.parse(start, "start_position"),
        JournalPosition.parse(row.getString("until_position"), "until_position"),
        JournalPosition.parse(row.getString("done_position"), "done_position"),
        locations(row.getString("frame_locations")),
        time(row, "complete_from"),
        row.getLong("chunks"),
        row.getLong("events_scanned"),
        row.getLong("events_counted"),
        row.getLong("values_skipped"),
        row.getLong("working_nanos"));
  }

  private static SortedMap<Integer, Long> locations(String json) {
    TreeMap<Integer, Long> locations = new TreeMap<>();
    Json.parseOwn(json)
        .properties()
        .forEach(lane ->
            locations.put(Integer.valueOf(lane.getKey()), lane.getValue().longValue()));
    return Collections.unmodifiableSortedMap(locations);
  }

  private static @Nullable Instant time(Row row, String column) {
    OffsetDateTime time = row.getOffsetDateTime(column);
    return time == null ? null : time.toInstant();
  }
}
