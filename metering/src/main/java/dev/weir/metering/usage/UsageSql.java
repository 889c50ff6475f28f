package dev.weir.metering.usage;

import dev.weir.metering.meter.Aggregation;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The SQL of one usage query and its parameters. Every value is a parameter; only numbers of parameters
 * and fixed words make up the text.
 */
final class UsageSql {

  /** A column that rows are split by. */
  private record Key(String name, String expression) {
    @Override
    public String toString() {
      return expression + " AS " + name;
    }
  }

  private static final String IN_RANGES = """
      SELECT l.* FROM unnest(%s::timestamptz[], %s::timestamptz[]) AS r (f, t)
        CROSS JOIN LATERAL (%s g.series_id = s.series_id AND g.window_start >= r.f
                            AND g.window_start < r.t OFFSET 0) l""";

  private static final String RANKED = """
      SELECT %s%s::text AS value FROM (%s) AS ranked
       WHERE up_to * 100 >= total * %s ORDER BY %s LIMIT %d""";

  /**
   * The changes of levels of keys, see {@link KeyPresence}: of the operations on a key, those that differ
   * from the one before, the first only if it adds; a key that is added again counts from where it left. The
   * parts of an operation's bytes are those of {@link KeyOperation#bytes}.
   */
  private static final String PRESENCES = """
      WITH operations AS (%2$s),
      known AS (
        SELECT o.*, substr(value, 1, 16) AS key, get_byte(value, 24) AS removes,
               ('x' || encode(substr(value, 26, 8), 'hex'))::bit(64)::bigint AS counts
          FROM operations o
         WHERE occurrences > 0),
      following AS (
        SELECT k.*, lag(removes, 1, 1) OVER (PARTITION BY %1$s key ORDER BY value) AS before
          FROM known k),
      changes AS (
        SELECT f.*, 1 - 2 * removes AS change,
               greatest(counts, lag(counts) OVER (PARTITION BY %1$s key ORDER BY value)) AS at
          FROM following f
         WHERE removes <> before),
      placed AS (
        SELECT c.*, width_bucket(at, %3$s::bigint[]) AS bucket FROM changes c)
      SELECT %1$s bucket, 0::bigint AS events, sum(change)::text AS value_sum, '0' AS sum_by_minute,
             sum(change::numeric * at)::text AS value_moment
        FROM placed
       WHERE bucket < %4$d
       GROUP BY %1$s bucket ORDER BY %1$s bucket LIMIT %5$d""";

  private static final String LATEST_FIRST =
      " ORDER BY w.latest_nanos DESC, w.latest_identity DESC, w.latest_value DESC))[1]";

  private static final String VALUES = "events, value_sum, value_moment, value_min, value_max,"
      + " latest_value, latest_nanos, latest_identity";

  private final UsageQuery query;
  private final GrainRanges ranges;
  private final Tuple parameters = Tuple.tuple();
  private final List<String> conditions = new ArrayList<>();

  /**
   * @param ranges the windows that the answer is made of
   */
  UsageSql(UsageQuery query, GrainRanges ranges) {
    this.query = query;
    this.ranges = ranges;
    conditions.add("s.tenant_id = " + parameter(query.meter().tenantId()));
    conditions.add("s.meter_id = " + parameter(query.meter().usageId()));
    if (!query.subjects().isEmpty()) {
      conditions.add("s.subject = ANY(" + parameter(query.subjects().toArray(String[]::new)) + ")");
    }
    for (Map.Entry<String, Set<String>> filter : new TreeMap<>(query.filterGroupBy()).entrySet()) {
      conditions.add("s.groups->>%s = ANY(%s)"
          .formatted(
              parameter(filter.getKey()), parameter(filter.getValue().toArray(String[]::new))));
    }
  }

  private String parameter(Object value) {
    parameters.addValue(value);
    return "$" + parameters.size();
  }

  private static OffsetDateTime time(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }

  Tuple parameters() {
    return parameters;
  }

  /**
   * The windows of all grains that are asked for, with the subject and groups of their series. Where one
   * range of each grain is asked for, the planner decides how to find them; many are looked up series by
   * series.
   */
  private String source(Function<Grain, String> table, String columns) {
    boolean single = Arrays.stream(Grain.values()).allMatch(g -> ranges.of(g).size() <= 1);
    List<String> parts = new ArrayList<>();
    for (Grain grain : Grain.values()) {
      List<GrainRanges.Range> of = ranges.of(grain);
      String selected = "g.window_start, %d AS minutes, %s".formatted(grain.minutes(), columns);
      if (!of.isEmpty()) {
        parts.add(
            single
                ? ofAllSeries(selected, table.apply(grain), of.get(0))
                : ofOneSeries(selected, table.apply(grain), of));
      }
    }
    String windows = String.join(" UNION ALL ", parts);
    return " FROM (%s) w WHERE true"
        .formatted(
            single
                ? windows
                : "SELECT s.subject, s.groups, l.* FROM usage_series s CROSS JOIN LATERAL (%s) l WHERE %s"
                    .formatted(windows, series()));
  }

  /** Which series are asked for. */
  private String series() {
    return String.join(" AND ", conditions);
  }

  /**
   * Series are joined to the windows of each grain, not to all of them together: only in a join with one
   * table does the planner look up the windows of a series by the index.
   */
  private String ofAllSeries(String selected, String table, GrainRanges.Range range) {
    return "SELECT s.subject, s.groups, %s FROM usage_series s JOIN %s g USING (series_id) WHERE %s%s"
        .formatted(selected, table, series(), inRange(range));
  }

  private String ofOneSeries(String selected, String table, List<GrainRanges.Range> of) {
    String windows = "SELECT %s FROM %s g WHERE".formatted(selected, table);
    return of.size() == 1
        ? windows + " g.series_id = s.series_id" + inRange(of.get(0))
        : inRanges(windows, of);
  }

  private String inRange(GrainRanges.Range range) {
    StringBuilder bounds = new StringBuilder();
    if (range.from() != null) {
      bounds.append(" AND g.window_start >= ").append(parameter(time(range.from())));
    }
    if (range.to() != null) {
      bounds.append(" AND g.window_start < ").append(parameter(time(range.to())));
    }
    return bounds.toString();
  }

  /**
   * Two or more; only the first may be open at its start, only the last at its end. The planner cannot
   * know how short they are: the offset keeps it to looking up one by one in the index.
   */
  private String inRanges(String selected, List<GrainRanges.Range> of) {
    OffsetDateTime[] from = of.stream()
        .map(range -> range.from() == null ? OffsetDateTime.MIN : time(range.from()))
        .toArray(OffsetDateTime[]::new);
    OffsetDateTime[] to = of.stream()
        .map(range -> range.to() == null ? OffsetDateTime.MAX : time(range.to()))
        .toArray(OffsetDateTime[]::new);
    return IN_RANGES.formatted(parameter(from), parameter(to), selected);
  }

  /** The first and the last start of a window with usage, for each grain, longest first. */
  String extent() {
    return "SELECT w.minutes, min(w.window_start), max(w.window_start)"
        + source(Grain::windowTable, "events")
        + " GROUP BY 1 ORDER BY 1 DESC";
  }

  /** What the rows are split by besides windows. */
  private List<Key> groupKeys() {
    List<Key> keys = new ArrayList<>();
    if (query.bySubject()) {
      keys.add(new Key("subject", "w.subject COLLATE \"C\""));
    }
    for (int i = 0; i < query.groupBy().size(); i++) {
      keys.add(new Key(
          "group_" + i,
          "coalesce(w.groups->>%s, '') COLLATE \"C\""
              .formatted(parameter(query.groupBy().get(i)))));
    }
    return keys;
  }

  private Key bucket(List<Instant> boundaries) {
    OffsetDateTime[] starts =
        boundaries.stream().map(UsageSql::time).toArray(OffsetDateTime[]::new);
    return new Key(
        "bucket", "width_bucket(w.window_start, %s::timestamptz[])".formatted(parameter(starts)));
  }

  private static String joined(List<?> parts) {
    return parts.stream().map(Object::toString).collect(Collectors.joining(", "));
  }

  private static String numbers(int count) {
    return IntStream.rangeClosed(1, count)
        .mapToObj(Integer::toString)
        .collect(Collectors.joining(", "));
  }

  /**
   * One row a window and group, in that order.
   *
   * @param boundaries of the windows; empty for minutes, and when there are none
   */
  String rows(List<Instant> boundaries, int rowsMax) {
    List<Key> keys = new ArrayList<>();
    if (query.windowSize() == WindowSize.MINUTE) {
      keys.add(new Key("window_start", "w.window_start"));
    } else if (query.windowSize() != null) {
      keys.add(bucket(boundaries));
    }
    keys.addAll(groupKeys());
    return query.meter().aggregation() == Aggregation.PERCENTILE
        ? percentiles(keys, rowsMax)
        : aggregated(keys, rowsMax);
  }

  private String aggregated(List<Key> keys, int rowsMax) {
    List<Object> columns = new ArrayList<>(keys);
    columns.addAll(aggregates());
    boolean unique = query.meter().aggregation() == Aggregation.UNIQUE_COUNT;
    StringBuilder text = new StringBuilder("SELECT " + joined(columns));
    text.append(
        unique
            ? source(Grain::uniqueTable, "value_hash, occurrences")
            : source(Grain::windowTable, VALUES));
    if (unique) {
      text.append(" AND w.occurrences > 0");
    }
    if (!keys.isEmpty()) {
      text.append(" GROUP BY ").append(numbers(keys.size()));
    }
    // Without events there is no row: all of them may have been taken back.
    text.append(unique ? " HAVING count(*) > 0" : " HAVING sum(w.events) > 0");
    if (!keys.isEmpty()) {
      text.append(" ORDER BY ").append(numbers(keys.size()));
    }
    return text.append(" LIMIT ").append(rowsMax).toString();
  }

  private List<String> aggregates() {
    return switch (query.meter().aggregation()) {
      case COUNT -> List.of("sum(w.events)::text AS value");
      case SUM -> List.of("sum(w.value_sum)::text AS value");
      case AVG -> List.of("sum(w.value_sum)::text AS value", "sum(w.events)::bigint AS events");
      case MIN -> List.of("min(w.value_min)::text AS value");
      case MAX -> List.of("max(w.value_max)::text AS value");
      case LATEST -> List.of("(array_agg(w.latest_value" + LATEST_FIRST + "::text AS value");
      case UNIQUE_COUNT -> List.of("count(DISTINCT w.value_hash)::text AS value");
      case PERCENTILE, WEIGHTED_SUM, WEIGHTED_UNIQUE_COUNT ->
        throw new IllegalStateException("not an aggregate of windows");
    };
  }

  /**
   * What totals are put together from in memory: one row a window and group, of distinct values one each
   * for every value.
   *
   * @param boundaries as of {@link #rows}
   */
  String parts(List<Instant> boundaries, int rowsMax) {
    List<Key> keys = new ArrayList<>();
    if (query.windowSize() == WindowSize.MINUTE) {
      keys.add(new Key("bucket", "extract(epoch FROM w.window_start)::bigint / 60"));
    } else if (query.windowSize() != null) {
      keys.add(bucket(boundaries));
    }
    keys.addAll(groupKeys());
    return switch (query.meter().aggregation()) {
      case COUNT, SUM, AVG ->
        grouped(
            keys,
            List.of("sum(w.events)::bigint AS events", "sum(w.value_sum)::text AS value_sum"),
            source(Grain::windowTable, VALUES),
            rowsMax);
      case MIN, MAX, LATEST ->
        grouped(
            keys,
            List.of(
                "sum(w.events)::bigint AS events",
                "min(w.value_min)::text AS value_min",
                "max(w.value_max)::text AS value_max",
                "(array_agg(w.latest_value" + LATEST_FIRST + "::text AS latest_value",
                "max(w.latest_nanos) AS latest_nanos",
                "(array_agg(w.latest_identity" + LATEST_FIRST + " AS latest_identity"),
            source(Grain::windowTable, VALUES),
            rowsMax);
      case UNIQUE_COUNT -> multiset(keys, Grain::uniqueTable, "value_hash", rowsMax);
      case PERCENTILE -> multiset(keys, Grain::valueTable, "value", rowsMax);
      case WEIGHTED_SUM, WEIGHTED_UNIQUE_COUNT ->
        throw new IllegalStateException("levels are made of changes");
    };
  }

  private String multiset(
      List<Key> keys, Function<Grain, String> table, String value, int rowsMax) {
    List<Key> withValue = new ArrayList<>(keys);
    withValue.add(new Key("value", "w." + value));
    return "SELECT p.*, p.value::text AS value_text FROM (%s) AS p"
        .formatted(grouped(
            withValue,
            List.of("sum(w.occurrences)::bigint AS occurrences"),
            source(table, value + ", occurrences"),
            rowsMax));
  }

  private static String grouped(List<Key> keys, List<String> columns, String source, int rowsMax) {
    String groups = keys.isEmpty() ? "" : " GROUP BY " + numbers(keys.size());
    // Without groups there would be a row of nothing.
    return "SELECT %s%s%s HAVING count(*) > 0 LIMIT %d"
        .formatted(
            joined(Stream.concat(keys.stream(), columns.stream()).toList()),
            source,
            groups,
            rowsMax);
  }

  /**
   * The operations on keys of each group, and how often each came, in columns {@code value} and
   * {@code occurrences}.
   */
  String operations(int rowsMax) {
    return operations(groupKeys()) + " LIMIT " + rowsMax;
  }

  private String operations(List<Key> groups) {
    List<Object> columns = new ArrayList<>(groups);
    columns.add("w.value_hash AS value");
    columns.add("sum(w.occurrences)::bigint AS occurrences");
    return "SELECT %s%s GROUP BY %s"
        .formatted(
            joined(columns),
            source(Grain::uniqueTable, "value_hash, occurrences"),
            numbers(groups.size() + 1));
  }

  /** For levels of keys: the same rows as {@link #changes}, of the changes of the level. */
  String presences(List<Instant> cuts, int rowsMax) {
    List<Key> groups = groupKeys();
    String names = groups.stream().map(key -> key.name() + ", ").collect(Collectors.joining());
    Long[] nanos = cuts.stream().map(KeyPresence::nanos).toArray(Long[]::new);
    return PRESENCES.formatted(names, operations(groups), parameter(nanos), cuts.size(), rowsMax);
  }

  /** The subjects that have windows here. */
  String subjects(int max) {
    return "SELECT DISTINCT w.subject" + source(Grain::windowTable, "events") + " LIMIT " + max;
  }

  /** Nearest rank: the first value up to which at least p % of all values of the group come. */
  private String percentiles(List<Key> keys, int rowsMax) {
    List<Object> columns = new ArrayList<>(keys);
    columns.add("w.value AS value");
    columns.add("sum(w.occurrences) AS occurrences");
    String counted = "SELECT %s%s AND w.occurrences > 0 GROUP BY %s"
        .formatted(
            joined(columns),
            source(Grain::valueTable, "value, occurrences"),
            numbers(columns.size() - 1));
    List<String> names = keys.stream().map(Key::name).toList();
    String group = names.isEmpty() ? "" : "PARTITION BY " + joined(names);
    String ranked = """
        SELECT *, sum(occurrences) OVER (%1$s ORDER BY value) AS up_to,
               sum(occurrences) OVER (%1$s) AS total
          FROM (%2$s) AS counted""".formatted(group, counted);
    List<String> order = Stream.concat(names.stream(), Stream.of("value"))
        .map(name -> "ranked." + name)
        .toList();
    return RANKED.formatted(
        names.isEmpty() ? "" : "DISTINCT ON (" + joined(order.subList(0, names.size())) + ") ",
        joined(order),
        ranked,
        parameter(percentile()) + "::text::numeric",
        joined(order),
        names.isEmpty() ? 1 : rowsMax);
  }

  private String percentile() {
    return String.valueOf(query.meter().options().percentile());
  }

  /**
   * For levels: the sums of each group, over all time before the first of these cuts (stretch 0) and
   * between them (from 1), ordered by group, then stretch.
   */
  String changes(List<Instant> cuts, int rowsMax) {
    List<Key> keys = groupKeys();
    keys.add(bucket(cuts));
    List<Object> columns = new ArrayList<>(keys);
    columns.add("sum(w.events)::bigint AS events");
    columns.add("sum(w.value_sum)::text AS value_sum");
    columns.add("sum(w.value_sum * (extract(epoch FROM w.window_start)::bigint / 60))::text"
        + " AS sum_by_minute");
    columns.add("sum(w.value_moment)::text AS value_moment");
    return "SELECT %s%s GROUP BY %3$s ORDER BY %3$s LIMIT %4$d"
        .formatted(
            joined(columns), source(Grain::windowTable, VALUES), numbers(keys.size()), rowsMax);
  }
}
