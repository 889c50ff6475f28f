package dev.weir.metering.usage;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;

/**
 * Which windows are kept at which grain.
 *
 * @param hoursTo every window before is in the hours
 * @param daysTo every window before is in the days; at most hoursTo
 * @param minutesFrom minutes before are not kept; at most daysTo
 */
record RollupState(Instant hoursTo, Instant daysTo, Instant minutesFrom) {

  /**
   * Reads it, and holds off that minutes are dropped until the transaction ends: that takes a lock on the
   * table of minutes, which naming it here shares, before the row is read.
   */
  static Future<RollupState> read(SqlConnection connection) {
    return connection.query("""
            SELECT hours_to, days_to, minutes_from FROM usage_rollup
             WHERE NOT EXISTS (SELECT FROM usage_windows WHERE false)""").execute().map(rows -> {
      Row row = rows.iterator().next();
      return new RollupState(
          row.getOffsetDateTime(0).toInstant(),
          row.getOffsetDateTime(1).toInstant(),
          row.getOffsetDateTime(2).toInstant());
    });
  }
}
