package dev.weir.metering.usage;

import dev.weir.metering.MeteringError;
import dev.weir.metering.Quantity;
import dev.weir.metering.Refusal;
import dev.weir.metering.meter.Aggregation;
import dev.weir.metering.meter.Meter;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Answers usage queries inside the caller's transaction. */
public final class UsageStore {

  /** Most rows that one query may give. */
  public static final int ROWS_MAX = 100_000;

  /** Rows in order of window, subject, groups; an empty range gives an empty list. */
  public Future<List<UsageRow>> query(SqlConnection connection, UsageQuery query) {
    check(query);
    checkMinute(query.from(), "from");
    checkMinute(query.to(), "to");
    return RollupState.read(connection)
        .compose(state -> UsageExtent.find(connection, query, state)
            .compose(extent -> extent == null
                ? Future.succeededFuture(List.of())
                : query(connection, query, UsageLayout.of(query, extent, state))));
  }

  /**
   * What windows say of a query whose range begins or ends within a minute. In one snapshot of the
   * database, as {@code Database.inSnapshot} gives it. Refuses with USAGE_EVENTS_TOO_MANY what has too many
   * distinct values, or subjects within the minutes at its ends.
   *
   * @param now decides about the cost only
   */
  public Future<PartialUsage> partial(SqlConnection connection, UsageQuery query, Instant now) {
    check(query);
    return new UsageParts(connection, query, EdgePlan.of(query, now)).read();
  }

  private Future<List<UsageRow>> query(
      SqlConnection connection, UsageQuery query, UsageLayout layout) {
    return query.isLevel() ? levels(connection, query, layout) : windows(connection, query, layout);
  }

  /**
   * From when on usage is kept by minutes: before, a total is answered where it begins and ends on whole
   * hours of UTC. No minutes are dropped until the transaction ends.
   */
  public Future<Instant> minutesFrom(SqlConnection connection) {
    return RollupState.read(connection).map(RollupState::minutesFrom);
  }

  /** Refuses a question that has no answer. */
  public static void check(UsageQuery query) {
    checkRange(query);
    query.groupBy().forEach(name -> checkDimension(query, name));
    query.filterGroupBy().keySet().forEach(name -> checkDimension(query, name));
  }

  /** The single total of a query without windows and groups; zero when there is no usage. */
  public Future<Quantity> total(SqlConnection connection, UsageQuery query) {
    return query(connection, query)
        .map(rows -> rows.isEmpty() ? Quantity.ZERO : rows.get(0).value());
  }

  private static void checkRange(UsageQuery query) {
    if (query.from() != null && query.to() != null && !query.from().isBefore(query.to())) {
      throw new Refusal(
          MeteringError.USAGE_RANGE_INVALID,
          "from",
          "'from' must be before 'to', in whole seconds.");
    }
  }

  private static void checkMinute(@Nullable Instant time, String field) {
    if (!UsageQuery.isOnMinute(time)) {
      throw new Refusal(
          MeteringError.USAGE_RANGE_INVALID,
          field,
          "'%s' must lie on a whole minute here, the grain of usage.".formatted(field));
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

  private Future<List<UsageRow>> windows(
      SqlConnection connection, UsageQuery query, UsageLayout layout) {
    UsageSql sql = new UsageSql(query, layout.ranges());
    WindowSpan span = layout.span();
    String text = sql.rows(span.boundaries(), ROWS_MAX + 1);
    return connection.preparedQuery(text).execute(sql.parameters()).map(rows -> {
      checkRows(rows.size());
      List<UsageRow> answer = new ArrayList<>(rows.size());
      for (Row row : rows) {
        answer.add(row(query, span, row));
      }
      return answer;
    });
  }

  private static UsageRow row(UsageQuery query, WindowSpan span, Row row) {
    Instant start = span.start(0);
    Instant end = span.end(0);
    if (query.windowSize() == WindowSize.MINUTE) {
      start = row.getOffsetDateTime("window_start").toInstant();
      end = start.plus(1, ChronoUnit.MINUTES);
    } else if (query.windowSize() != null) {
      int window = row.getInteger("bucket") - 1;
      start = span.start(window);
      end = span.end(window);
    }
    UsageGroup group = UsageGroup.of(query, row);
    return new UsageRow(value(query.meter(), row), start, end, group.subject(), group.dimensions());
  }

  private static Quantity value(Meter meter, Row row) {
    BigDecimal value = new BigDecimal(row.getString("value"));
    return meter.aggregation() == Aggregation.AVG
        ? UsageValue.of(meter, value, BigDecimal.valueOf(row.getLong("events")))
        : UsageValue.of(meter, value);
  }

  private Future<List<UsageRow>> levels(
      SqlConnection connection, UsageQuery query, UsageLayout layout) {
    return changes(connection, query, layout).map(rows -> {
      LevelRows levels = new LevelRows(query.meter(), layout.span());
      for (Row row : rows) {
        levels.add(UsageGroup.of(query, row), row.getInteger("bucket"), sums(row));
      }
      List<UsageRow> answer = levels.finish();
      checkRows(answer.size());
      return answer;
    });
  }

  static Future<RowSet<Row>> changes(
      SqlConnection connection, UsageQuery query, UsageLayout layout) {
    UsageSql sql = new UsageSql(query, layout.ranges());
    String text = query.isOfKeys()
        ? sql.presences(layout.cuts(), ROWS_MAX + 1)
        : sql.changes(layout.cuts(), ROWS_MAX + 1);
    return connection.preparedQuery(text).execute(sql.parameters()).map(rows -> {
      checkRows(rows.size());
      return rows;
    });
  }

  static LevelMean.Sums sums(Row row) {
    return new LevelMean.Sums(
        row.getLong("events"),
        new BigDecimal(row.getString("value_sum")),
        new BigDecimal(row.getString("sum_by_minute")),
        new BigDecimal(row.getString("value_moment")));
  }

  static void checkRows(int rows) {
    if (rows > ROWS_MAX) {
      throw new Refusal(
          MeteringError.USAGE_TOO_MANY_ROWS,
          "The answer has more than %d rows; ask for a shorter range or larger windows, filter by"
                  .formatted(ROWS_MAX)
              + " subject or dimension, or leave a dimension with many values out of 'groupBy'.");
    }
  }

  /**
   * The subjects with usage of a meter, in the database's order of text.
   *
   * @param after only those after this one; null begins with the first
   */
  public Future<List<String>> subjects(
      SqlConnection connection, Meter meter, @Nullable String after, int max) {
    return connection
        .preparedQuery("""
            SELECT DISTINCT subject FROM usage_series
             WHERE tenant_id = $1 AND meter_id = $2 AND ($3::text IS NULL OR subject > $3)
             ORDER BY subject LIMIT $4
            """)
        .execute(Tuple.of(meter.tenantId(), meter.usageId(), after, max))
        .map(rows -> {
          List<String> subjects = new ArrayList<>(rows.size());
          rows.forEach(row -> subjects.add(row.getString(0)));
          return subjects;
        });
  }
}
