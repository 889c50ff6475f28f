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

/**
 * Finds and creates series, set-based, inside the caller's transaction. Cost: for one that is there an
 * index look-up; a new one is looked up as well, and is a row with its index entries.
 */
final class SeriesStore {

  /**
   * The numbers of series.
   *
   * @param created those that were not there
   */
  record Numbers(Map<SeriesKey, Long> ids, List<WindowFold.SeriesDelta> created) {
    static final Numbers NONE = new Numbers(Map.of(), List.of());
  }

  /** Finds or creates the series. */
  Future<Numbers> numbers(SqlConnection connection, List<WindowFold.SeriesDelta> series) {
    if (series.isEmpty()) {
      return Future.succeededFuture(Numbers.NONE);
    }
    return find(connection, series).compose(found -> {
      List<WindowFold.SeriesDelta> missing =
          series.stream().filter(s -> !found.containsKey(s.key())).toList();
      return Chunks.each(missing, chunk -> insert(connection, chunk)).map(created -> {
        Map<SeriesKey, Long> ids = merged(created);
        ids.putAll(found);
        return new Numbers(ids, missing);
      });
    });
  }

  /**
   * Those that are there, which are read only: an upsert would write each of them anew. By the unique
   * index, the only one in the order asked for, whatever the planner thinks of the table: it may have been
   * small when it was last looked at.
   */
  private static Future<Map<SeriesKey, Long>> find(
      SqlConnection connection, List<WindowFold.SeriesDelta> series) {
    return connection
        .query("SET LOCAL enable_seqscan = off")
        .execute()
        .compose(off -> Chunks.each(series, chunk -> select(connection, chunk)))
        .compose(chunks -> connection
            .query("SET LOCAL enable_seqscan TO DEFAULT")
            .execute()
            .map(on -> merged(chunks)));
  }

  private static Map<SeriesKey, Long> merged(List<Map<SeriesKey, Long>> chunks) {
    Map<SeriesKey, Long> all = new HashMap<>();
    chunks.forEach(all::putAll);
    return all;
  }

  private static Future<Map<SeriesKey, Long>> select(
      SqlConnection connection, List<WindowFold.SeriesDelta> chunk) {
    return connection
        .preparedQuery("""
            SELECT n.i, s.series_id
              FROM unnest($1::uuid[], $2::bytea[])
                   WITH ORDINALITY AS n (meter_id, series_hash, i)
             CROSS JOIN LATERAL (SELECT series_id, series_hash FROM usage_series
                                  WHERE meter_id = n.meter_id AND series_hash >= n.series_hash
                                  ORDER BY series_hash LIMIT 1) AS s
             WHERE s.series_hash = n.series_hash
            """)
        .execute(Tuple.tuple().addArrayOfUUID(usageIds(chunk)).addArrayOfBuffer(hashes(chunk)))
        .map(rows -> {
          Map<SeriesKey, Long> found = new HashMap<>();
          for (Row row : rows) {
            found.put(chunk.get((int) (row.getLong(0) - 1)).key(), row.getLong(1));
          }
          return found;
        });
  }

  private static Future<Map<SeriesKey, Long>> insert(
      SqlConnection connection, List<WindowFold.SeriesDelta> chunk) {
    Tuple tuple = Tuple.of(
        chunk.stream().map(s -> s.meter().meter().tenantId()).toArray(UUID[]::new),
        usageIds(chunk),
        hashes(chunk),
        chunk.stream().map(s -> s.key().subject()).toArray(String[]::new),
        chunk.stream().map(SeriesStore::groupsJson).toArray(String[]::new));
    // The update changes nothing but makes the row come back when another was quicker.
    return connection.preparedQuery("""
            INSERT INTO usage_series AS s (tenant_id, meter_id, series_hash, subject, groups)
            SELECT n.tenant_id, n.meter_id, n.series_hash, n.subject, n.groups::jsonb
              FROM unnest($1::uuid[], $2::uuid[], $3::bytea[], $4::text[], $5::text[])
                   WITH ORDINALITY AS n (tenant_id, meter_id, series_hash, subject, groups, i)
             ORDER BY n.i
            ON CONFLICT (meter_id, series_hash) DO UPDATE SET subject = s.subject
            RETURNING series_id
            """).execute(tuple).map(rows -> ids(chunk, rows));
  }

  private static UUID[] usageIds(List<WindowFold.SeriesDelta> chunk) {
    return chunk.stream().map(s -> s.key().usageId()).toArray(UUID[]::new);
  }

  private static Buffer[] hashes(List<WindowFold.SeriesDelta> chunk) {
    return chunk.stream().map(s -> Buffer.buffer(s.key().hash())).toArray(Buffer[]::new);
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
