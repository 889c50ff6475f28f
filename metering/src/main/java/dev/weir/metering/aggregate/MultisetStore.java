package dev.weir.metering.aggregate;

import dev.weir.metering.database.Chunks;
import dev.weir.metering.meter.Aggregation;
import dev.weir.metering.usage.Grain;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.BiFunction;

/**
 * Writes the distinct values of UNIQUE_COUNT windows, the operations on keys of WEIGHTED_UNIQUE_COUNT
 * windows and the values of PERCENTILE windows, each with how often it occurred, set-based, inside the caller's transaction. A value that no longer occurs has no row.
 */
final class MultisetStore {

  private static final String ADD = """
      INSERT INTO %1$s AS m (series_id, window_start, tenant_id, %2$s, occurrences)
      SELECT n.series_id, to_timestamp(n.minute * 60), n.tenant_id, n.value::%3$s, n.occurrences
        FROM unnest($1::bigint[], $2::bigint[], $3::uuid[], $4::bigint[], $5::%4$s[])
             AS n (series_id, minute, tenant_id, occurrences, value)
      ON CONFLICT (series_id, window_start, %2$s) DO UPDATE
         SET occurrences = m.occurrences + excluded.occurrences""";

  private static final String DROP = """
      DELETE FROM %1$s m
       USING unnest($1::bigint[], $2::bigint[], $3::uuid[], $4::bigint[], $5::%4$s[])
             AS n (series_id, minute, tenant_id, occurrences, value)
       WHERE m.series_id = n.series_id AND m.window_start = to_timestamp(n.minute * 60)
         AND m.%2$s = n.value::%3$s AND m.occurrences = 0""";

  /** One value of a window and how many occurrences it gained, or lost. */
  private record Item<T>(WindowRow row, T value, Long occurrences) {}

  /** Adds to the multisets of windows of one grain what they gained or lost. */
  Future<Void> add(SqlConnection connection, Grain grain, List<WindowRow> rows) {
    return addHashes(connection, grain, rows)
        .compose(done -> addValues(connection, grain, of(rows, Aggregation.PERCENTILE)));
  }

  private static List<WindowRow> of(List<WindowRow> rows, Aggregation aggregation) {
    return rows.stream().filter(row -> row.aggregation() == aggregation).toList();
  }

  private static Future<Void> addHashes(
      SqlConnection connection, Grain grain, List<WindowRow> rows) {
    List<Item<Buffer>> items = new ArrayList<>();
    for (WindowRow row : of(rows, Aggregation.WEIGHTED_UNIQUE_COUNT)) {
      row.delta()
          .operations()
          .forEach((operation, occurrences) ->
              items.add(new Item<>(row, Buffer.buffer(operation.bytes()), occurrences)));
    }
    for (WindowRow row : of(rows, Aggregation.UNIQUE_COUNT)) {
      row.delta()
          .uniques()
          .forEach((hash, occurrences) -> items.add(new Item<>(
              row, Buffer.buffer(16).appendLong(hash.high()).appendLong(hash.low()), occurrences)));
    }
    return add(
        connection,
        new String[] {grain.uniqueTable(), "value_hash", "bytea", "bytea"},
        items,
        (tuple, chunk) ->
            tuple.addArrayOfBuffer(chunk.stream().map(Item::value).toArray(Buffer[]::new)));
  }

  private static Future<Void> addValues(
      SqlConnection connection, Grain grain, List<WindowRow> rows) {
    List<Item<String>> items = new ArrayList<>();
    for (WindowRow row : rows) {
      row.delta()
          .values()
          .forEach((value, occurrences) ->
              items.add(new Item<>(row, value.toPlainString(), occurrences)));
    }
    return add(
        connection,
        new String[] {grain.valueTable(), "value", "numeric", "text"},
        items,
        (tuple, chunk) ->
            tuple.addArrayOfString(chunk.stream().map(Item::value).toArray(String[]::new)));
  }

  /**
   * @param words table, column, type of the column, type of the parameter
   * @param withValues adds the values to a tuple of the keys
   */
  private static <T> Future<Void> add(
      SqlConnection connection,
      String[] words,
      List<Item<T>> items,
      BiFunction<Tuple, List<Item<T>>, Tuple> withValues) {
    List<Item<T>> takenBack =
        items.stream().filter(item -> item.occurrences() <= 0).toList();
    return Chunks.each(
            items,
            chunk -> connection
                .preparedQuery(ADD.formatted((Object[]) words))
                .execute(withValues.apply(keys(chunk), chunk)))
        .compose(added -> Chunks.each(
            takenBack,
            chunk -> connection
                .preparedQuery(DROP.formatted((Object[]) words))
                .execute(withValues.apply(keys(chunk), chunk))))
        .mapEmpty();
  }

  private static <T> Tuple keys(List<Item<T>> items) {
    return Tuple.of(
        items.stream().map(item -> item.row().seriesId()).toArray(Long[]::new),
        items.stream().map(item -> item.row().minute()).toArray(Long[]::new),
        items.stream().map(item -> item.row().tenantId()).toArray(UUID[]::new),
        items.stream().map(Item::occurrences).toArray(Long[]::new));
  }
}
