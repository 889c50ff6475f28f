package dev.weir.metering.usage;

import dev.weir.metering.MeteringError;
import dev.weir.metering.Refusal;
import dev.weir.metering.journal.JournalPosition;
import dev.weir.metering.meter.Aggregation;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Reads what windows say of one query whose range begins or ends within a minute. Cost: as that of the
 * query on whole minutes; for distinct values and percentiles, one row for every value.
 */
final class UsageParts {

  /** Most subjects whose events may be read for one query. */
  static final int SUBJECTS_MAX = 10_000;

  /** Most different values that are put together in memory. */
  static final int VALUES_MAX = 200_000;

  private final SqlConnection connection;
  private final UsageQuery query;
  private final EdgePlan plan;

  UsageParts(SqlConnection connection, UsageQuery query, EdgePlan plan) {
    this.connection = connection;
    this.query = query;
    this.plan = plan;
  }

  Future<PartialUsage> read() {
    return position()
        .compose(position -> RollupState.read(connection)
            .compose(state -> subjects(state)
                .compose(subjects -> extent(state)
                    .compose(extent -> read(state, extent)
                        .map(totals -> new PartialUsage(
                            query,
                            plan,
                            span(extent),
                            extent == null,
                            totals,
                            position,
                            subjects))))));
  }

  private Future<JournalPosition> position() {
    return connection
        .query("SELECT lane, sequence FROM aggregator_positions")
        .execute()
        .map(rows -> {
          TreeMap<Integer, Long> sequences = new TreeMap<>();
          rows.forEach(row -> sequences.put(row.getInteger(0), row.getLong(1)));
          return new JournalPosition(sequences);
        });
  }

  private Future<List<String>> subjects(RollupState state) {
    List<Instant> minutes =
        plan.pieces().stream().map(EdgePlan.Piece::minute).distinct().sorted().toList();
    if (minutes.isEmpty()) {
      return Future.succeededFuture(List.of());
    }
    UsageSql sql = new UsageSql(query, GrainRanges.holding(state, minutes));
    String text = sql.subjects(SUBJECTS_MAX + 1);
    return connection.preparedQuery(text).execute(sql.parameters()).map(rows -> {
      if (rows.size() > SUBJECTS_MAX) {
        throw tooMany("of more than %d subjects, name those that matter".formatted(SUBJECTS_MAX));
      }
      List<String> subjects = new ArrayList<>();
      rows.forEach(row -> subjects.add(row.getString(0)));
      return subjects;
    });
  }

  private static Refusal tooMany(String what) {
    return new Refusal(
        MeteringError.USAGE_EVENTS_TOO_MANY,
        "from",
        "'from' or 'to' lies within a minute, so usage is put together from windows and single events;"
            + " here %s, or ask for whole minutes.".formatted(what));
  }

  /** Of the windows that help to answer; null when an end is open and there are none. */
  private Future<@Nullable UsageExtent> extent(RollupState state) {
    return UsageExtent.find(connection, query.between(plan.windowsFrom(), plan.windowsTo()), state);
  }

  private WindowSpan span(@Nullable UsageExtent extent) {
    Instant from = query.from();
    Instant to = query.to();
    if (from == null) {
      from = extent == null ? EdgePlan.minuteOf(to) : extent.from();
    }
    if (to == null) {
      to = extent == null ? EdgePlan.minuteOf(from).plus(1, ChronoUnit.MINUTES) : extent.to();
    }
    return UsageTotals.span(query, from, to);
  }

  private Future<UsageTotals> read(RollupState state, @Nullable UsageExtent extent) {
    WindowSpan span = span(extent);
    List<Instant> cuts = new ArrayList<>(span.cuts());
    Instant from = plan.windowsFrom();
    Instant to = plan.windowsTo();
    if (from != null) {
      cuts.set(0, from);
    }
    if (to != null) {
      cuts.set(cuts.size() - 1, to);
    } else if (extent == null && from != null) {
      cuts.set(cuts.size() - 1, from);
    }
    UsageLayout layout = UsageLayout.of(query, span, cuts, state);
    if (layout.ranges().isEmpty()) {
      return Future.succeededFuture(new UsageTotals(query));
    }
    if (query.isOfKeys()) {
      return operations(layout);
    }
    return query.isLevel() ? levels(layout) : windows(layout);
  }

  private Future<UsageTotals> levels(UsageLayout layout) {
    return UsageStore.changes(connection, query, layout).map(rows -> {
      UsageTotals totals = new UsageTotals(query);
      for (Row row : rows) {
        totals
            .of(UsageGroup.of(query, row), row.getInteger("bucket"))
            .addSums(UsageStore.sums(row));
      }
      return totals;
    });
  }

  /** All of them in one part: how they count follows from their times. */
  private Future<UsageTotals> operations(UsageLayout layout) {
    UsageSql sql = new UsageSql(query, layout.ranges());
    String text = sql.operations(VALUES_MAX + 1);
    return connection.preparedQuery(text).execute(sql.parameters()).map(rows -> {
      check(rows, true);
      UsageTotals totals = new UsageTotals(query);
      for (Row row : rows) {
        totals
            .of(UsageGroup.of(query, row), 0)
            .addOperation(
                KeyOperation.of(row.getBuffer("value").getBytes()), row.getLong("occurrences"));
      }
      return totals;
    });
  }

  private Future<UsageTotals> windows(UsageLayout layout) {
    Aggregation aggregation = query.meter().aggregation();
    boolean ofValues =
        aggregation == Aggregation.UNIQUE_COUNT || aggregation == Aggregation.PERCENTILE;
    UsageSql sql = new UsageSql(query, layout.ranges());
    String text =
        sql.parts(layout.span().boundaries(), (ofValues ? VALUES_MAX : UsageStore.ROWS_MAX) + 1);
    return connection.preparedQuery(text).execute(sql.parameters()).map(rows -> {
      check(rows, ofValues);
      UsageTotals totals = new UsageTotals(query);
      for (Row row : rows) {
        add(totals.of(UsageGroup.of(query, row), part(row)), row);
      }
      return totals;
    });
  }

  private static void check(RowSet<Row> rows, boolean ofValues) {
    if (!ofValues) {
      UsageStore.checkRows(rows.size());
    } else if (rows.size() > VALUES_MAX) {
      throw tooMany("with more than %d different values, ask for a shorter range or fewer subjects"
          .formatted(VALUES_MAX));
    }
  }

  private long part(Row row) {
    if (query.windowSize() == null) {
      return 0;
    }
    return UsageTotals.isByMinute(query) ? row.getLong("bucket") : row.getInteger("bucket") - 1;
  }

  private void add(WindowTotal total, Row row) {
    switch (query.meter().aggregation()) {
      case COUNT -> total.addEvents(row.getLong("events"));
      case SUM, AVG ->
        total.addSums(new LevelMean.Sums(
            row.getLong("events"), decimal(row, "value_sum"), BigDecimal.ZERO, BigDecimal.ZERO));
      case MIN, MAX, LATEST -> {
        total.addEvents(row.getLong("events"));
        total.addExtremes(optional(row, "value_min"), optional(row, "value_max"));
        if (row.getLong("latest_nanos") != null) {
          total.addLatest(
              decimal(row, "latest_value"),
              row.getLong("latest_nanos"),
              row.getBuffer("latest_identity").getBytes());
        }
      }
      case UNIQUE_COUNT -> {
        Buffer hash = row.getBuffer("value");
        total.addEvents(row.getLong("occurrences"));
        total.addUnique(
            new UUID(hash.getLong(0), hash.getLong(Long.BYTES)), row.getLong("occurrences"));
      }
      case PERCENTILE -> {
        total.addEvents(row.getLong("occurrences"));
        total.addValue(decimal(row, "value_text"), row.getLong("occurrences"));
      }
      case WEIGHTED_SUM, WEIGHTED_UNIQUE_COUNT ->
        throw new IllegalStateException("levels are made of changes");
    }
  }

  private static BigDecimal decimal(Row row, String column) {
    return new BigDecimal(row.getString(column));
  }

  private static @Nullable BigDecimal optional(Row row, String column) {
    return row.getString(column) == null ? null : decimal(row, column);
  }
}
