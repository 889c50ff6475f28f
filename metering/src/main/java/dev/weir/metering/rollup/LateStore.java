package dev.weir.metering.rollup;

import dev.weir.metering.usage.Grain;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Hours and days of series that change while they are being put together, inside the caller's transaction:
 * flushes note them, so that they need not wait, and the rollup puts them together once more.
 */
public final class LateStore {

  /** Notes hours or days that the transaction changes. */
  public Future<Void> note(SqlConnection connection, Grain grain, Collection<RowKey> keys) {
    if (keys.isEmpty()) {
      return Future.succeededFuture();
    }
    return connection
        .preparedQuery("""
            INSERT INTO usage_late (minutes, series_id, start)
            SELECT $1, n.series_id, to_timestamp(n.minute * 60)
              FROM unnest($2::bigint[], $3::bigint[]) AS n (series_id, minute)
            """)
        .execute(Tuple.of(grain.minutes())
            .addArrayOfLong(keys.stream().map(RowKey::seriesId).toArray(Long[]::new))
            .addArrayOfLong(keys.stream().map(RowKey::minute).toArray(Long[]::new)))
        .mapEmpty();
  }

  /** Forgets what was noted up to now: whatever is read from now on holds it. */
  Future<Void> forget(SqlConnection connection, Grain grain) {
    return connection
        .preparedQuery("DELETE FROM usage_late WHERE minutes = $1")
        .execute(Tuple.of(grain.minutes()))
        .mapEmpty();
  }

  /** Takes some of what is noted; fewer than max notes when those are all. */
  Future<Taken> take(SqlConnection connection, Grain grain, int max) {
    return connection.preparedQuery("""
            DELETE FROM usage_late
             WHERE ctid = ANY(ARRAY(SELECT ctid FROM usage_late WHERE minutes = $1 LIMIT $2))
            RETURNING series_id, extract(epoch FROM start)::bigint / 60
            """).execute(Tuple.of(grain.minutes(), max)).map(rows -> {
      Set<RowKey> keys = new LinkedHashSet<>();
      for (Row row : rows) {
        keys.add(new RowKey(row.getLong(0), row.getLong(1)));
      }
      return new Taken(keys, rows.size() < max);
    });
  }

  /**
   * @param all whether nothing else was noted
   */
  record Taken(Set<RowKey> keys, boolean all) {

    /** Those that start before a minute. */
    List<RowKey> keysBefore(long minute) {
      return keys.stream().filter(key -> key.minute() < minute).toList();
    }
  }
}
