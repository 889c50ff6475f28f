package dev.weir.metering.aggregate;

import dev.weir.metering.event.EventTime;
import dev.weir.metering.json.Json;
import dev.weir.metering.meter.Aggregation;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Writes window deltas and lane positions, set-based, inside the caller's transaction. Cost: about 20 µs
 * a window.
 */
final class WindowStore {

  private static final int ROWS_MAX = 4_000;

  /** How far a lane was aggregated, and where that frame lies. */
  record LanePosition(int lane, long sequence, long frameLocation) {}

  /** A lane's step from the position it was read at. */
  record Advance(int lane, long fromSequence, long toSequence, long frameLocation) {}

  /** A window to write: the series by id, the minute, what it gained. */
  record WindowRow(long seriesId, long minute, UUID tenantId, WindowDelta delta) {}

  Future<Map<Integer, LanePosition>> positions(SqlConnection connection) {
    return connection
        .query("SELECT lane, sequence, frame_location FROM aggregator_positions")
        .execute()
        .map(rows -> {
          Map<Integer, LanePosition> positions = new HashMap<>();
          for (Row row : rows) {
            LanePosition position =
                new LanePosition(row.getInteger(0), row.getLong(1), row.getLong(2));
            positions.put(position.lane(), position);
          }
          return positions;
        });
  }

  /** Makes sure that every lane has a row, so that an advance is always an update. */
  Future<Void> addLanes(SqlConnection connection, Collection<Integer> lanes) {
    return connection
        .preparedQuery("""
            INSERT INTO aggregator_positions (lane, sequence, frame_location)
            SELECT lane, 0, 0 FROM unnest($1::int[]) AS lane
            ON CONFLICT (lane) DO NOTHING
            """)
        .execute(Tuple.of(lanes.toArray(Integer[]::new)))
        .mapEmpty();
  }

  /** Moves the lanes; gives whether every one still stood where it was read. */
  Future<Boolean> advance(SqlConnection connection, List<Advance> advances) {
    return connection
        .preparedQuery("""
            UPDATE aggregator_positions p
               SET sequence = n.to_sequence, frame_location = n.frame_location
              FROM unnest($1::int[], $2::bigint[], $3::bigint[], $4::bigint[])
                   AS n (lane, from_sequence, to_sequence, frame_location)
             WHERE p.lane = n.lane AND p.sequence = n.from_sequence
            """)
        .execute(Tuple.of(
            advances.stream().map(Advance::lane).toArray(Integer[]::new),
            advances.stream().map(Advance::fromSequence).toArray(Long[]::new),
            advances.stream().map(Advance::toSequence).toArray(Long[]::new),
            advances.stream().map(Advance::frameLocation).toArray(Long[]::new)))
        .map(result -> result.rowCount() == advances.size());
  }

  /** Finds or creates the series and gives their ids. */
  Future<Map<SeriesKey, Long>> seriesIds(
      SqlConnection connection, List<WindowFold.SeriesDelta> series) {
    Map<SeriesKey, Long> ids = new HashMap<>();
    Future<Void> chain = Future.succeededFuture();
    for (List<WindowFold.SeriesDelta> chunk : chunks(series)) {
      chain = chain.compose(done -> seriesIds(connection, chunk, ids));
    }
    return chain.map(ids);
  }

  private Future<Void> seriesIds(
      SqlConnection connection, List<WindowFold.SeriesDelta> chunk, Map<SeriesKey, Long> ids) {
    Tuple tuple = Tuple.of(
        chunk.stream().map(s -> s.meter().meter().tenantId()).toArray(UUID[]::new),
        chunk.stream().map(s -> s.key().usageId()).toArray(UUID[]::new),
        chunk.stream().map(s -> Buffer.buffer(s.key().hash())).toArray(Buffer[]::new),
        chunk.stream().map(s -> s.key().subject()).toArray(String[]::new),
        chunk.stream().map(WindowStore::groupsJson).toArray(String[]::new));
    // The update changes nothing but makes the row come back when it exists.
    return connection.preparedQuery("""
            INSERT INTO usage_series AS s (tenant_id, meter_id, series_hash, subject, groups)
            SELECT n.tenant_id, n.meter_id, n.series_hash, n.subject, n.groups::jsonb
              FROM unnest($1::uuid[], $2::uuid[], $3::bytea[], $4::text[], $5::text[])
                   WITH ORDINALITY AS n (tenant_id, meter_id, series_hash, subject, groups, i)
             ORDER BY n.i
            ON CONFLICT (meter_id, series_hash) DO UPDATE SET subject = s.subject
            RETURNING series_id
            """).execute(tuple).map(rows -> {
      // One insert of ordered rows returns them in that order.
      int i = 0;
      for (Row row : rows) {
        ids.put(chunk.get(i++).key(), row.getLong(0));
      }
      return null;
    });
  }

  private static String groupsJson(WindowFold.SeriesDelta series) {
    SortedMap<String, String> groups = new TreeMap<>();
    int i = 0;
    for (String name : series.meter().meter().groupBy().keySet()) {
      groups.put(name, series.key().groups().get(i++));
    }
    return Json.text(groups);
  }

  /** Adds windows of COUNT, SUM, AVG and UNIQUE_COUNT meters. */
  Future<Void> addTotals(SqlConnection connection, List<WindowRow> rows) {
    return inChunks(
        rows,
        chunk -> connection
            .preparedQuery("""
                    INSERT INTO usage_windows AS w
                           (series_id, window_start, tenant_id, events, value_sum)
                    SELECT n.series_id, to_timestamp(n.minute * 60), n.tenant_id, n.events,
                           n.value_sum::numeric
                      FROM unnest($1::bigint[], $2::bigint[], $3::uuid[], $4::bigint[], $5::text[])
                           AS n (series_id, minute, tenant_id, events, value_sum)
                    ON CONFLICT (series_id, window_start) DO UPDATE
                       SET events = w.events + excluded.events,
                           value_sum = w.value_sum + excluded.value_sum
                    """)
            .execute(keys(chunk)
                .addArrayOfString(chunk.stream()
                    .map(row -> row.delta().sum().toPlainString())
                    .toArray(String[]::new)))
            .mapEmpty());
  }

  /** Adds windows of MIN, MAX and LATEST meters. */
  Future<Void> addExtremes(SqlConnection connection, List<WindowRow> rows) {
    return inChunks(
        rows,
        chunk -> connection
            .preparedQuery("""
                    INSERT INTO usage_windows AS w
                           (series_id, window_start, tenant_id, events, value_min, value_max,
                            latest_value, latest_nanos, latest_identity)
                    SELECT n.series_id, to_timestamp(n.minute * 60), n.tenant_id, n.events,
                           n.value_min::numeric, n.value_max::numeric, n.latest_value::numeric,
                           n.latest_nanos, n.latest_identity
                      FROM unnest($1::bigint[], $2::bigint[], $3::uuid[], $4::bigint[],
                                  $5::text[], $6::text[], $7::text[], $8::bigint[], $9::bytea[])
                           AS n (series_id, minute, tenant_id, events, value_min, value_max,
                                 latest_value, latest_nanos, latest_identity)
                    ON CONFLICT (series_id, window_start) DO UPDATE
                       SET events = w.events + excluded.events,
                           value_min = LEAST(w.value_min, excluded.value_min),
                           value_max = GREATEST(w.value_max, excluded.value_max),
                           (latest_value, latest_nanos, latest_identity) =
                             (SELECT l.v, l.n, l.i
                                FROM (VALUES (w.latest_value, w.latest_nanos, w.latest_identity),
                                             (excluded.latest_value, excluded.latest_nanos,
                                              excluded.latest_identity)) AS l (v, n, i)
                               ORDER BY l.n DESC NULLS LAST, l.i DESC NULLS LAST LIMIT 1)
                    """)
            .execute(withExtremes(keys(chunk), chunk))
            .mapEmpty());
  }

  private static Tuple keys(List<WindowRow> rows) {
    return Tuple.of(
        rows.stream().map(WindowRow::seriesId).toArray(Long[]::new),
        rows.stream().map(WindowRow::minute).toArray(Long[]::new),
        rows.stream().map(WindowRow::tenantId).toArray(UUID[]::new),
        rows.stream().map(row -> row.delta().events()).toArray(Long[]::new));
  }

  private static Tuple withExtremes(Tuple tuple, List<WindowRow> rows) {
    int count = rows.size();
    String[] min = new String[count];
    String[] max = new String[count];
    String[] latest = new String[count];
    Long[] nanos = new Long[count];
    Buffer[] identities = new Buffer[count];
    for (int i = 0; i < count; i++) {
      WindowDelta delta = rows.get(i).delta();
      min[i] = delta.min() == null ? null : delta.min().toPlainString();
      max[i] = delta.max() == null ? null : delta.max().toPlainString();
      if (delta.latest() != null) {
        latest[i] = delta.latest().toPlainString();
        nanos[i] = delta.latestNanos();
        identities[i] = Buffer.buffer(delta.latestIdentity());
      }
    }
    return tuple
        .addArrayOfString(min)
        .addArrayOfString(max)
        .addArrayOfString(latest)
        .addArrayOfLong(nanos)
        .addArrayOfBuffer(identities);
  }

  /** Adds the distinct values of UNIQUE_COUNT windows; those known already change nothing. */
  Future<Void> addUniques(SqlConnection connection, List<WindowRow> rows) {
    List<UniqueRow> uniques = new ArrayList<>();
    for (WindowRow row : rows) {
      for (WindowDelta.ValueHash hash : row.delta().uniques()) {
        uniques.add(
            new UniqueRow(row, Buffer.buffer(16).appendLong(hash.high()).appendLong(hash.low())));
      }
    }
    return inChunks(
        uniques,
        chunk -> connection
            .preparedQuery("""
                    INSERT INTO usage_uniques (series_id, window_start, tenant_id, value_hash)
                    SELECT n.series_id, to_timestamp(n.minute * 60), n.tenant_id, n.value_hash
                      FROM unnest($1::bigint[], $2::bigint[], $3::uuid[], $4::bytea[])
                           AS n (series_id, minute, tenant_id, value_hash)
                    ON CONFLICT DO NOTHING
                    """)
            .execute(Tuple.of(
                chunk.stream().map(u -> u.row().seriesId()).toArray(Long[]::new),
                chunk.stream().map(u -> u.row().minute()).toArray(Long[]::new),
                chunk.stream().map(u -> u.row().tenantId()).toArray(UUID[]::new),
                chunk.stream().map(UniqueRow::hash).toArray(Buffer[]::new)))
            .mapEmpty());
  }

  private record UniqueRow(WindowRow row, Buffer hash) {}

  /** Keeps conflicting events for inspection. */
  Future<Void> addConflicts(SqlConnection connection, List<WindowFold.Conflict> conflicts) {
    if (conflicts.isEmpty()) {
      return Future.succeededFuture();
    }
    return connection
        .preparedQuery("""
            INSERT INTO event_conflicts
                   (lane, sequence, tenant_id, source, event_id, type, subject, event_time,
                    received_at, data)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
            ON CONFLICT (lane, sequence) DO NOTHING
            """)
        .executeBatch(conflicts.stream().map(WindowStore::tuple).toList())
        .mapEmpty();
  }

  private static Tuple tuple(WindowFold.Conflict conflict) {
    return Tuple.of(
        conflict.lane(),
        conflict.sequence(),
        conflict.tenantId(),
        conflict.source(),
        conflict.id(),
        conflict.type(),
        conflict.subject(),
        time(conflict.timeNanos()),
        time(conflict.receivedNanos()),
        conflict.data());
  }

  private static OffsetDateTime time(long nanos) {
    return EventTime.instant(nanos).atOffset(ZoneOffset.UTC);
  }

  /** Whether windows of this aggregation are written by {@link #addExtremes}. */
  static boolean isExtreme(Aggregation aggregation) {
    return switch (aggregation) {
      case MIN, MAX, LATEST -> true;
      case COUNT, SUM, AVG, UNIQUE_COUNT -> false;
    };
  }

  private static <T> Future<Void> inChunks(
      List<T> rows, java.util.function.Function<List<T>, Future<Void>> write) {
    Future<Void> chain = Future.succeededFuture();
    for (List<T> chunk : chunks(rows)) {
      chain = chain.compose(done -> write.apply(chunk));
    }
    return chain;
  }

  private static <T> List<List<T>> chunks(List<T> rows) {
    List<List<T>> chunks = new ArrayList<>();
    for (int from = 0; from < rows.size(); from += ROWS_MAX) {
      chunks.add(rows.subList(from, Math.min(rows.size(), from + ROWS_MAX)));
    }
    return chunks;
  }
}
