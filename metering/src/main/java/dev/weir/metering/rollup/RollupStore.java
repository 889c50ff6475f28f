package dev.weir.metering.rollup;

import dev.weir.metering.database.Chunks;
import dev.weir.metering.usage.Grain;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Puts windows together to longer ones, and keeps how far that has gone, inside the caller's transaction.
 * All times are minutes since 1970. Public is what whoever writes windows needs of it.
 */
public final class RollupStore {

  private static final String PARTS = "parts";

  /** The next coarser windows of those that a condition selects. */
  private static final String ROLL = """
      INSERT INTO %1$s (series_id, window_start, tenant_id, events, value_sum, value_moment, value_min,
                        value_max, latest_value, latest_nanos, latest_identity)
      SELECT w.series_id, date_bin('%3$d minutes', w.window_start, '1970-01-01Z'), w.tenant_id,
             sum(w.events)::bigint, trim_scale(sum(w.value_sum)),
             trim_scale(sum(w.value_moment + w.value_sum * extract(epoch FROM w.window_start
               - date_bin('%3$d minutes', w.window_start, '1970-01-01Z'))::bigint * 1000000000)),
             min(w.value_min), max(w.value_max),
             (array_agg(w.latest_value ORDER BY w.latest_nanos DESC, w.latest_identity DESC,
                                             w.latest_value DESC)
               FILTER (WHERE w.latest_nanos IS NOT NULL))[1],
             max(w.latest_nanos),
             (array_agg(w.latest_identity ORDER BY w.latest_nanos DESC, w.latest_identity DESC,
                                             w.latest_value DESC)
               FILTER (WHERE w.latest_nanos IS NOT NULL))[1]
        FROM %2$s w
       WHERE %4$s
       GROUP BY 1, 2, 3""";

  private static final String ROLL_OCCURRENCES = """
      INSERT INTO %1$s (series_id, window_start, tenant_id, %5$s, occurrences)
      SELECT w.series_id, date_bin('%3$d minutes', w.window_start, '1970-01-01Z'), w.tenant_id, w.%5$s,
             sum(w.occurrences)
        FROM %2$s w
       WHERE %4$s
       GROUP BY 1, 2, 3, 4
      HAVING sum(w.occurrences) <> 0""";

  /** Windows between two minutes, the first parameters. */
  static final String IN_RANGE = "w.window_start >= to_timestamp($1::bigint * 60)"
      + " AND w.window_start < to_timestamp($2::bigint * 60)";

  /** The grain from which windows of this one are put together. */
  private static Grain finer(Grain grain) {
    return grain == Grain.DAY ? Grain.HOUR : Grain.MINUTE;
  }

  /**
   * Waits for the turn at a row: whoever shares the lock of one does not wait for who wants it alone, and
   * with flushes that overlap that one would never get it.
   */
  private static Future<Void> queue(SqlConnection connection, String row, String shared) {
    return connection
        .query(
            "SELECT pg_advisory_xact_lock%s(hashtextextended('%s row', 0))".formatted(shared, row))
        .execute()
        .mapEmpty();
  }

  /**
   * Before which minutes windows are in the hours and days, or being put together.
   *
   * @param daysTo at most hoursTo
   */
  public record Closing(long hoursTo, long daysTo) {}

  /** Holds off that windows are closed. */
  public Future<Closing> closing(SqlConnection connection) {
    String select = """
        SELECT extract(epoch FROM hours_to)::bigint / 60, extract(epoch FROM days_to)::bigint / 60
          FROM usage_closing FOR SHARE
        """;
    return queue(connection, "usage_closing", "_shared")
        .compose(turn -> connection.query(select).execute())
        .map(rows -> {
          Row row = rows.iterator().next();
          return new Closing(row.getLong(0), row.getLong(1));
        });
  }

  /**
   * Closes windows before a minute: from now on whoever adds to them holds the watermarks, and notes what is
   * not in the hours or days yet.
   */
  Future<Void> close(SqlConnection connection, Grain grain, long beforeMinute) {
    String close = """
        UPDATE usage_closing SET %1$s = to_timestamp($1::bigint * 60)
         WHERE %1$s < to_timestamp($1::bigint * 60)
        """.formatted(grain == Grain.DAY ? "days_to" : "hours_to");
    return queue(connection, "usage_closing", "")
        .compose(turn -> connection.preparedQuery(close).execute(Tuple.of(beforeMinute)))
        .mapEmpty();
  }

  /** Holds off other rollups and removals of usage; flushes go on. */
  Future<Void> begin(SqlConnection connection) {
    return connection.query("SELECT weir_hold_rollups()").execute().mapEmpty();
  }

  /** The watermarks, without holding them. */
  Future<Watermarks> watermarks(SqlConnection connection) {
    return watermarks(connection, "");
  }

  /** The watermarks; nobody moves them before the transaction ends. */
  public Future<Watermarks> hold(SqlConnection connection) {
    return queue(connection, "usage_rollup", "_shared")
        .compose(turn -> watermarks(connection, " FOR SHARE"));
  }

  /** The watermarks; nobody adds to closed windows before the transaction ends. */
  Future<Watermarks> lock(SqlConnection connection) {
    return queue(connection, "usage_rollup", "")
        .compose(turn -> watermarks(connection, " FOR UPDATE"));
  }

  private static Future<Watermarks> watermarks(SqlConnection connection, String locking) {
    return connection.query("""
            SELECT extract(epoch FROM hours_to)::bigint / 60, extract(epoch FROM days_to)::bigint / 60,
                   extract(epoch FROM minutes_from)::bigint / 60
              FROM usage_rollup""" + locking).execute().map(rows -> {
      Row row = rows.iterator().next();
      return new Watermarks(row.getLong(0), row.getLong(1), row.getLong(2));
    });
  }

  /** Moves the watermarks, which the transaction has locked. */
  Future<Void> move(SqlConnection connection, Watermarks to) {
    return connection
        .preparedQuery("""
            UPDATE usage_rollup
               SET hours_to = to_timestamp($1::bigint * 60), days_to = to_timestamp($2::bigint * 60),
                   minutes_from = to_timestamp($3::bigint * 60)
            """)
        .execute(Tuple.of(to.hoursTo(), to.daysTo(), to.minutesFrom()))
        .mapEmpty();
  }

  /** Notes hours or days that have windows of the next finer grain and are not put together yet. */
  public Future<Void> addOpen(SqlConnection connection, Grain grain, Collection<Long> starts) {
    if (starts.isEmpty()) {
      return Future.succeededFuture();
    }
    return connection
        .preparedQuery("""
            INSERT INTO usage_open (minutes, start)
            SELECT $1, to_timestamp(n * 60) FROM unnest($2::bigint[]) AS n
            ON CONFLICT DO NOTHING
            """)
        .execute(Tuple.of(grain.minutes()).addArrayOfLong(starts.toArray(Long[]::new)))
        .mapEmpty();
  }

  /** The first of those, in order. */
  Future<List<Long>> open(SqlConnection connection, Grain grain, long beforeMinute, int max) {
    return connection
        .preparedQuery("""
            SELECT extract(epoch FROM start)::bigint / 60 FROM usage_open
             WHERE minutes = $1 AND start < to_timestamp($2::bigint * 60) ORDER BY start LIMIT $3
            """)
        .execute(Tuple.of(grain.minutes(), beforeMinute, max))
        .map(RollupStore::longs);
  }

  /** The last of those; {@link Watermarks#START} when there are none. */
  Future<Long> newestOpen(SqlConnection connection, Grain grain) {
    return connection
        .preparedQuery("""
            SELECT coalesce(extract(epoch FROM max(start))::bigint / 60, $2) FROM usage_open
             WHERE minutes = $1
            """)
        .execute(Tuple.of(grain.minutes(), Watermarks.START))
        .map(rows -> rows.iterator().next().getLong(0));
  }

  Future<Void> removeOpen(SqlConnection connection, Grain grain, long beforeMinute) {
    return connection
        .preparedQuery(
            "DELETE FROM usage_open WHERE minutes = $1 AND start < to_timestamp($2::bigint * 60)")
        .execute(Tuple.of(grain.minutes(), beforeMinute))
        .mapEmpty();
  }

  /** Puts all windows of a stretch of time together to this grain, which has none of it yet. */
  Future<Void> roll(SqlConnection connection, Grain grain, long fromMinute, long toMinute) {
    Grain from = finer(grain);
    Tuple range = Tuple.of(fromMinute, toMinute);
    return connection
        .preparedQuery(
            ROLL.formatted(grain.windowTable(), from.windowTable(), grain.minutes(), IN_RANGE))
        .execute(range)
        .compose(done -> connection
            .preparedQuery(ROLL_OCCURRENCES.formatted(
                grain.uniqueTable(), from.uniqueTable(), grain.minutes(), IN_RANGE, "value_hash"))
            .execute(range))
        .compose(done -> connection
            .preparedQuery(ROLL_OCCURRENCES.formatted(
                grain.valueTable(), from.valueTable(), grain.minutes(), IN_RANGE, "value"))
            .execute(range))
        .mapEmpty();
  }

  /** Puts single windows of MIN, MAX and LATEST meters together anew. */
  public Future<Void> rollAnew(SqlConnection connection, Grain grain, Collection<RowKey> keys) {
    String roll = ROLL.formatted(grain.windowTable(), PARTS, grain.minutes(), "true");
    return rollAnew(connection, grain, keys, grain.windowTable(), finer(grain).windowTable(), roll);
  }

  /** Puts single windows of any meters together anew, with their distinct and other values. */
  Future<Void> rollAllAnew(SqlConnection connection, Grain grain, Collection<RowKey> keys) {
    String uniques = ROLL_OCCURRENCES.formatted(
        grain.uniqueTable(), PARTS, grain.minutes(), "true", "value_hash");
    String values =
        ROLL_OCCURRENCES.formatted(grain.valueTable(), PARTS, grain.minutes(), "true", "value");
    return rollAnew(connection, grain, keys)
        .compose(done -> rollAnew(
            connection, grain, keys, grain.uniqueTable(), finer(grain).uniqueTable(), uniques))
        .compose(done -> rollAnew(
            connection, grain, keys, grain.valueTable(), finer(grain).valueTable(), values));
  }

  private static Future<Void> rollAnew(
      SqlConnection connection,
      Grain grain,
      Collection<RowKey> keys,
      String table,
      String finerTable,
      String roll) {
    String drop = """
        DELETE FROM %s w USING unnest($1::bigint[], $2::bigint[]) AS n (series_id, minute)
         WHERE w.series_id = n.series_id AND w.window_start = to_timestamp(n.minute * 60)
        """.formatted(table);
    String parts = """
        WITH parts AS MATERIALIZED (
          SELECT p.* FROM unnest($1::bigint[], $2::bigint[]) AS n (series_id, minute)
            JOIN %s p ON p.series_id = n.series_id
             AND p.window_start >= to_timestamp(n.minute * 60)
             AND p.window_start < to_timestamp((n.minute + %d) * 60))
        """.formatted(finerTable, grain.minutes());
    return Chunks.each(List.copyOf(keys), chunk -> {
          Tuple tuple = Tuple.tuple()
              .addArrayOfLong(chunk.stream().map(RowKey::seriesId).toArray(Long[]::new))
              .addArrayOfLong(chunk.stream().map(RowKey::minute).toArray(Long[]::new));
          return connection
              .preparedQuery(drop)
              .execute(tuple)
              .compose(dropped -> connection.preparedQuery(parts + roll).execute(tuple));
        })
        .mapEmpty();
  }

  static List<Long> longs(RowSet<Row> rows) {
    List<Long> longs = new ArrayList<>(rows.size());
    rows.forEach(row -> longs.add(row.getLong(0)));
    return longs;
  }
}
