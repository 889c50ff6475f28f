package dev.weir.metering.usage;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The closed range that a query's windows are laid over: an open end is where usage begins or ends, to the
 * minute, or to the hour where minutes are no longer kept.
 */
record UsageExtent(Instant from, Instant to) {

  /** Where windows with usage begin: the first and the last, and how long those are. */
  private record Ends(Instant first, Grain firstGrain, Instant last, Grain lastGrain) {}

  /**
   * Gives null when the range is open and there is no usage in it; refuses an open one whose given end needs
   * minutes that are gone. Cost: none for a closed range.
   */
  static Future<@Nullable UsageExtent> find(
      SqlConnection connection, UsageQuery query, RollupState state) {
    if (query.from() != null && query.to() != null) {
      return Future.succeededFuture(new UsageExtent(query.from(), query.to()));
    }
    GrainRanges whole = GrainRanges.whole(state, query.from(), query.to());
    // Where there are no minutes, no usage does not mean that there was none.
    UsageLayout.requireKept(query, whole, state);
    return ends(connection, query, whole)
        .compose(ends ->
            ends == null ? Future.succeededFuture() : between(connection, query, state, ends));
  }

  private static Future<@Nullable UsageExtent> between(
      SqlConnection connection, UsageQuery query, RollupState state, Ends ends) {
    Future<Instant> from = query.from() != null
        ? Future.succeededFuture(query.from())
        : finer(connection, query, state, ends.first(), ends.firstGrain()).map(Ends::first);
    return from.compose(start -> query.to() != null
        ? Future.succeededFuture(new UsageExtent(start, query.to()))
        : finer(connection, query, state, ends.last(), ends.lastGrain())
            .map(last ->
                new UsageExtent(start, last.last().plusSeconds(last.lastGrain().minutes() * 60L))));
  }

  /** The ends of usage within one window, in the shortest windows that are kept of it. */
  private static Future<Ends> finer(
      SqlConnection connection, UsageQuery query, RollupState state, Instant start, Grain grain) {
    Ends coarse = new Ends(start, grain, start, grain);
    boolean minutesKept = !start.isBefore(state.minutesFrom());
    if (grain == Grain.MINUTE || (grain == Grain.HOUR && !minutesKept)) {
      return Future.succeededFuture(coarse);
    }
    Instant end = start.plusSeconds(grain.minutes() * 60L);
    GrainRanges ranges =
        minutesKept ? GrainRanges.minutes(state, start, end) : GrainRanges.hours(state, start, end);
    return ends(connection, query, ranges).map(found -> found == null ? coarse : found);
  }

  private static Future<@Nullable Ends> ends(
      SqlConnection connection, UsageQuery query, GrainRanges ranges) {
    UsageSql sql = new UsageSql(query, ranges);
    return connection.preparedQuery(sql.extent()).execute(sql.parameters()).map(UsageExtent::ends);
  }

  private static @Nullable Ends ends(RowSet<Row> rows) {
    Ends ends = null;
    for (Row row : rows) {
      Grain grain = Grain.ofMinutes(row.getInteger(0));
      Instant first = row.getOffsetDateTime(1).toInstant();
      Instant last = row.getOffsetDateTime(2).toInstant();
      if (ends == null) {
        ends = new Ends(first, grain, last, grain);
      } else {
        boolean earlier = first.isBefore(ends.first());
        boolean later = last.isAfter(ends.last());
        ends = new Ends(
            earlier ? first : ends.first(),
            earlier ? grain : ends.firstGrain(),
            later ? last : ends.last(),
            later ? grain : ends.lastGrain());
      }
    }
    return ends;
  }
}
