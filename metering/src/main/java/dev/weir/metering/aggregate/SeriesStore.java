package dev.weir.metering.aggregate;

import dev.weir.metering.database.Chunks;
import dev.weir.metering.json.Json;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/** Finds and creates series, set-based, inside the caller's transaction. */
final class SeriesStore {

  /** Finds or creates the series and gives their ids. */
  Future<Map<SeriesKey, Long>> ids(SqlConnection connection, List<WindowFold.SeriesDelta> series) {
    return Chunks.each(series, chunk -> insert(connection, chunk).map(rows -> ids(chunk, rows)))
        .map(chunks -> {
          Map<SeriesKey, Long> ids = new HashMap<>();
          chunks.forEach(ids::putAll);
          return ids;
        });
  }

  private static Future<RowSet<Row>> insert(
      SqlConnection connection, List<WindowFold.SeriesDelta> chunk) {
    Tuple tuple = Tuple.of(
        chunk.stream().map(s -> s.meter().meter().tenantId()).toArray(UUID[]::new),
        chunk.stream().map(s -> s.key().usageId()).toArray(UUID[]::new),
        chunk.stream().map(s -> Buffer.buffer(s.key().hash())).toArray(Buffer[]::new),
        chunk.stream().map(s -> s.key().subject()).toArray(String[]::new),
        chunk.stream().map(SeriesStore::groupsJson).toArray(String[]::new));
    // The update changes nothing but makes the row come back when it exists.
    return connection.preparedQuery("""
            INSERT INTO usage_series AS s (tenant_id, meter_id, series_hash, subject, groups)
            SELECT n.tenant_id, n.meter_id, n.series_hash, n.subject, n.groups::jsonb
              FROM unnest($1::uuid[], $2::uuid[], $3::bytea[], $4::text[], $5::text[])
                   WITH ORDINALITY AS n (tenant_id, meter_id, series_hash, subject, groups, i)
             ORDER BY n.i
            ON CONFLICT (meter_id, series_hash) DO UPDATE SET subject = s.subject
            RETURNING series_id
            """).execute(tuple);
  }

  private static Map<SeriesKey, Long> ids(
      List<WindowFold.SeriesDelta> chunk, RowSet<Row> inserted) {
    // One insert of ordered rows returns them in that order.
    Map<SeriesKey, Long> ids = new HashMap<>();
    int i = 0;
    for (Row row : inserted) {
      ids.put(chunk.get(i++).key(), row.getLong(0));
    }
    return ids;
  }

  private static String groupsJson(WindowFold.SeriesDelta series) {
    SortedMap<String, String> groups = new TreeMap<>();
    int i = 0;
    for (String name : series.meter().meter().groupBy().keySet()) {
      groups.put(name, series.key().groups().get(i++));
    }
    return Json.text(groups);
  }

  /** How many combinations of group values a meter has, counted up to a bound. */
  Future<Long> combinations(SqlConnection connection, UUID usageId, int max) {
    return connection
        .preparedQuery("""
            SELECT count(*) FROM (SELECT DISTINCT groups FROM usage_series WHERE meter_id = $1
                                   LIMIT $2) AS combinations
            """)
        .execute(Tuple.of(usageId, max))
        .map(rows -> rows.iterator().next().getLong(0));
  }
}
