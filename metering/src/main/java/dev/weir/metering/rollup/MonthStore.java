package dev.weir.metering.rollup;

import dev.weir.metering.usage.Grain;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.List;

/**
 * The tables of minutes as tables: their months, the default partition and the indexes by time, inside the
 * caller's transaction. All times are minutes since 1970.
 */
final class MonthStore {

  /**
   * Holds the tables of minutes against whoever reads or writes them; fails after seconds when they are in
   * use.
   */
  Future<Void> holdMinutes(SqlConnection connection) {
    return connection.query("SELECT weir_hold_minutes()").execute().mapEmpty();
  }

  /** Drops the months of minutes before a minute, which is the start of one. */
  Future<Void> dropMonths(SqlConnection connection, long beforeMinute) {
    return connection
        .preparedQuery("SELECT weir_drop_months(to_timestamp($1::bigint * 60))")
        .execute(Tuple.of(beforeMinute))
        .mapEmpty();
  }

  /**
   * Deletes minutes of the default partition that are no longer kept, which nobody sees any more.
   *
   * @param max at most so many of each table
   * @return how many there were
   */
  Future<Integer> deleteStrays(SqlConnection connection, int max) {
    Future<Integer> deleted = Future.succeededFuture(0);
    for (String table : List.of(
        Grain.MINUTE.windowTable(), Grain.MINUTE.uniqueTable(), Grain.MINUTE.valueTable())) {
      deleted = deleted.compose(count -> connection
          .preparedQuery("""
              DELETE FROM %1$s_default
               WHERE ctid = ANY(ARRAY(
                       SELECT ctid FROM %1$s_default
                        WHERE window_start < (SELECT minutes_from FROM usage_rollup)
                        LIMIT $1 FOR UPDATE SKIP LOCKED))
              """.formatted(table))
          .execute(Tuple.of(max))
          .map(result -> count + result.rowCount()));
    }
    return deleted;
  }

  /** Gives the month that holds a minute its own partition. */
  Future<Void> addMonth(SqlConnection connection, long minute) {
    return connection
        .preparedQuery("SELECT weir_add_month(to_timestamp($1::bigint * 60))")
        .execute(Tuple.of(minute))
        .mapEmpty();
  }

  /** The starts of months between two minutes that have windows in the default partition. */
  Future<List<Long>> monthsWithoutPartition(
      SqlConnection connection, long fromMinute, long toMinute) {
    return connection
        .preparedQuery("""
            SELECT DISTINCT extract(epoch FROM date_trunc('month', w.window_start, 'UTC'))::bigint / 60
              FROM usage_windows_default w WHERE\s""" + RollupStore.IN_RANGE)
        .execute(Tuple.of(fromMinute, toMinute))
        .map(RollupStore::longs);
  }

  /** The indexes by time that rollups read by: those of months that are not rolled up altogether. */
  Future<List<Long>> indexesByTime(SqlConnection connection) {
    return connection.query("""
            SELECT i.indexrelid::bigint
              FROM pg_index i
              JOIN pg_class t ON t.oid = i.indrelid AND t.relnamespace = 'public'::regnamespace
              JOIN pg_class c ON c.oid = i.indexrelid AND c.relkind = 'i'
              JOIN pg_am a ON a.oid = c.relam AND a.amname = 'brin'
             WHERE t.relname LIKE 'usage\\_%'
               AND coalesce(substring(t.relname FROM '_([0-9]{4}_[0-9]{2})$'), '9999')
                   >= (SELECT to_char(hours_to AT TIME ZONE 'UTC', 'YYYY_MM') FROM usage_rollup)
             ORDER BY 1
            """).execute().map(RollupStore::longs);
  }

  /** Lets an index by time know of what was written last. */
  Future<Void> summarize(SqlConnection connection, long index) {
    return connection
        .preparedQuery("SELECT weir_summarize($1::bigint::oid)")
        .execute(Tuple.of(index))
        .mapEmpty();
  }
}
