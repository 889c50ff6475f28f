package dev.weir.metering.usage;

import dev.weir.metering.MeteringError;
import dev.weir.metering.Quantity;
import dev.weir.metering.Refusal;
import dev.weir.metering.meter.Aggregation;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** Answers usage queries inside the caller's transaction. */
public final class UsageStore {

  /** Most rows that one query may give. */
  public static final int ROWS_MAX = 100_000;

  private static final int AVERAGE_DECIMALS = 18;

  /** Rows in order of window, subject, groups; an empty range gives an empty list. */
  public Future<List<UsageRow>> query(SqlConnection connection, UsageQuery query) {
    checkRange(query);
    query.groupBy().forEach(name -> checkDimension(query, name));
    query.filterGroupBy().keySet().forEach(name -> checkDimension(query, name));
    return extent(connection, query)
        .compose(extent ->
            extent == null ? Future.succeededFuture(List.of()) : query(connection, query, extent));
  }

  /** The single total of a query without windows and groups; zero when there is no usage. */
  public Future<Quantity> total(SqlConnection connection, UsageQuery query) {
    return query(connection, query)
        .map(rows -> rows.isEmpty() ? Quantity.ZERO : rows.get(0).value());
  }

  /** The closed range that windows are laid over. */
  private record Extent(Instant from, Instant to) {}

  private static void checkRange(UsageQuery query) {
    checkMinute(query.from(), "from");
    checkMinute(query.to(), "to");
    if (query.from() != null && query.to() != null && !query.from().isBefore(query.to())) {
      throw new Refusal(MeteringError.USAGE_RANGE_INVALID, "from", "'from' must be before 'to'.");
    }
  }

  private static void checkMinute(@org.jspecify.annotations.Nullable Instant time, String field) {
    if (time != null && !time.truncatedTo(ChronoUnit.MINUTES).equals(time)) {
      throw new Refusal(
          MeteringError.USAGE_RANGE_INVALID,
          field,
          "'%s' must lie on a whole minute, the grain of usage.".formatted(field));
    }
  }

  private static void checkDimension(UsageQuery query, String name) {
    if (!query.meter().groupBy().containsKey(name)) {
      throw new Refusal(
          MeteringError.USAGE_GROUP_UNKNOWN,
          name,
          "The meter '%s' does not group by '%s'; it has %s."
              .formatted(query.meter().key(), name, query.meter().groupBy().keySet()));
    }
  }

  /** Both ends of the range; an open end is where usage begins or ends; null when there is none. */
  private Future<@org.jspecify.annotations.Nullable Extent> extent(
      SqlConnection connection, UsageQuery query) {
    if (query.from() != null && query.to() != null) {
      return Future.succeededFuture(new Extent(query.from(), query.to()));
    }
    UsageSql sql = new UsageSql(query);
    return connection.preparedQuery(sql.extent()).execute(sql.parameters()).map(rows -> {
      Row row = rows.iterator().next();
      OffsetDateTime first = row.getOffsetDateTime(0);
      if (first == null) {
        return null;
      }
      Instant last = row.getOffsetDateTime(1).toInstant().plus(1, ChronoUnit.MINUTES);
      return new Extent(
          query.from() == null ? first.toInstant() : query.from(),
          query.to() == null ? last : query.to());
    });
  }

  private Future<List<UsageRow>> query(SqlConnection connection, UsageQuery query, Extent extent) {
    UsageSql sql = new UsageSql(query);
    List<Instant> boundaries = query.windowSize() == null || query.windowSize() == WindowSize.MINUTE
        ? List.of()
        : UsageWindows.boundaries(extent.from(), extent.to(), query.windowSize(), query.zone());
    String text = sql.rows(boundaries, ROWS_MAX + 1);
    return connection
        .preparedQuery(text)
        .execute(sql.parameters())
        .map(rows -> rows(query, extent, boundaries, rows));
  }

  private static List<UsageRow> rows(
      UsageQuery query, Extent extent, List<Instant> boundaries, RowSet<Row> rows) {
    if (rows.size() > ROWS_MAX) {
      throw new Refusal(
          MeteringError.USAGE_TOO_MANY_ROWS,
          "The answer has more than %d rows; narrow the range or group by less."
              .formatted(ROWS_MAX));
    }
    List<UsageRow> answer = new ArrayList<>(rows.size());
    for (Row row : rows) {
      TreeMap<String, String> groups = new TreeMap<>();
      for (int i = 0; i < query.groupBy().size(); i++) {
        groups.put(query.groupBy().get(i), row.getString("group_" + i));
      }
      Instant start = extent.from();
      Instant end = extent.to();
      if (query.windowSize() == WindowSize.MINUTE) {
        start = row.getOffsetDateTime("window_start").toInstant();
        end = start.plus(1, ChronoUnit.MINUTES);
      } else if (query.windowSize() != null) {
        int bucket = row.getInteger("bucket");
        start = boundaries.get(bucket - 1);
        end = boundaries.get(bucket);
      }
      String subject = query.bySubject() ? row.getString("subject") : null;
      answer.add(
          new UsageRow(value(query.meter().aggregation(), row), start, end, subject, groups));
    }
    return answer;
  }

  private static Quantity value(Aggregation aggregation, Row row) {
    BigDecimal value = new BigDecimal(row.getString("value"));
    if (aggregation == Aggregation.AVG) {
      BigDecimal events = BigDecimal.valueOf(row.getLong("events"));
      return new Quantity(value.divide(events, AVERAGE_DECIMALS, RoundingMode.HALF_UP));
    }
    return new Quantity(value);
  }
}
