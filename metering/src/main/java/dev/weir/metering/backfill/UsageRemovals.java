package dev.weir.metering.backfill;

import dev.weir.metering.usage.Grain;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/** Usage that nobody shows any more, and its removal in bounded steps, inside the caller's transactions. */
final class UsageRemovals {

  /** Every table that keeps usage by series, but that of the series itself. */
  static final List<String> TABLES = Arrays.stream(Grain.values())
      .flatMap(grain -> Stream.of(grain.windowTable(), grain.uniqueTable(), grain.valueTable()))
      .toList();

  private static final int SERIES_MAX = 500;
  private static final int ROWS_MAX = 5_000;

  /** Notes that usage is to be removed. */
  Future<Void> add(SqlConnection connection, UUID tenantId, UUID usageId, Instant now) {
    return connection
        .preparedQuery("""
            INSERT INTO usage_removals (usage_id, tenant_id, created_at) VALUES ($1, $2, $3)
            """)
        .execute(Tuple.of(usageId, tenantId, now.atOffset(ZoneOffset.UTC)))
        .mapEmpty();
  }

  /** Some of the usage that is to be removed, the oldest first; as the engine. */
  Future<List<UUID>> list(SqlConnection connection) {
    return connection
        .query("SELECT usage_id FROM usage_removals ORDER BY created_at LIMIT 100")
        .execute()
        .map(rows -> {
          List<UUID> usageIds = new ArrayList<>();
          rows.forEach(row -> usageIds.add(row.getUUID(0)));
          return usageIds;
        });
  }

  /** Removes a bounded number of rows; gives whether anything was left. As the engine. */
  Future<Boolean> step(SqlConnection connection, UUID usageId) {
    // While usage is removed, no rollup may carry some of it to another table. A long one is not
    // waited for.
    return connection
        .query("SET LOCAL lock_timeout = '5s'")
        .execute()
        .compose(bounded -> connection.query("SELECT weir_hold_rollups()").execute())
        .compose(held -> held(connection, usageId));
  }

  private static Future<Boolean> held(SqlConnection connection, UUID usageId) {
    return connection
        .preparedQuery("SELECT series_id FROM usage_series WHERE meter_id = $1 LIMIT " + SERIES_MAX)
        .execute(Tuple.of(usageId))
        .compose(rows -> {
          List<Long> series = new ArrayList<>();
          rows.forEach(row -> series.add(row.getLong(0)));
          return series.isEmpty()
              ? finish(connection, usageId)
              : remove(connection, series.toArray(Long[]::new));
        });
  }

  private static Future<Boolean> finish(SqlConnection connection, UUID usageId) {
    return connection
        .preparedQuery("DELETE FROM usage_removals WHERE usage_id = $1")
        .execute(Tuple.of(usageId))
        .map(false);
  }

  private static Future<Boolean> remove(SqlConnection connection, Long[] series) {
    Future<Integer> removed = Future.succeededFuture(0);
    for (String table : TABLES) {
      removed = removed.compose(count -> count >= ROWS_MAX
          ? Future.succeededFuture(count)
          : some(connection, table, series).map(more -> count + more));
    }
    return removed.compose(count -> count > 0
        ? Future.succeededFuture(true)
        : connection
            .preparedQuery("DELETE FROM usage_series WHERE series_id = ANY($1)")
            .execute(Tuple.tuple().addArrayOfLong(series))
            .map(true));
  }

  /** By place in the table, which is the fastest; of what lies there, only these series' rows. */
  private static Future<Integer> some(SqlConnection connection, String table, Long[] series) {
    return connection
        .preparedQuery("""
            DELETE FROM %1$s
             WHERE ctid = ANY(ARRAY(
                     SELECT ctid FROM %1$s WHERE series_id = ANY($1::bigint[]) LIMIT %2$d))
               AND series_id = ANY($1::bigint[])
            """.formatted(table, ROWS_MAX))
        .execute(Tuple.tuple().addArrayOfLong(series))
        .map(result -> result.rowCount());
  }
}
