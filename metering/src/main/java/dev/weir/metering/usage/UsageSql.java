package dev.weir.metering.usage;

import dev.weir.metering.meter.Aggregation;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The SQL of one usage query and its parameters. Every value is a parameter; only numbers of parameters
 * and fixed words make up the text.
 */
final class UsageSql {

  private final UsageQuery query;
  private final Tuple parameters = Tuple.tuple();
  private final List<String> conditions = new ArrayList<>();

  UsageSql(UsageQuery query) {
    this.query = query;
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
    if (query.from() != null) {
      conditions.add("w.window_start >= " + parameter(time(query.from())));
    }
    if (query.to() != null) {
      conditions.add("w.window_start < " + parameter(time(query.to())));
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

  /** The first and last minute with usage. */
  String extent() {
    return "SELECT min(w.window_start), max(w.window_start)" + from();
  }

  private String from() {
    String source =
        query.meter().aggregation() == Aggregation.UNIQUE_COUNT ? "usage_uniques" : "usage_windows";
    return " FROM usage_series s JOIN "
        + source
        + " w USING (series_id) WHERE "
        + String.join(" AND ", conditions);
  }

  /** One row a window and group. */
  String rows(List<Instant> boundaries, int rowsMax) {
    List<String> columns = new ArrayList<>();
    if (query.windowSize() == WindowSize.MINUTE) {
      columns.add("w.window_start AS window_start");
    } else if (query.windowSize() != null) {
      OffsetDateTime[] starts =
          boundaries.stream().map(UsageSql::time).toArray(OffsetDateTime[]::new);
      columns.add(
          "width_bucket(w.window_start, " + parameter(starts) + "::timestamptz[]) AS bucket");
    }
    if (query.bySubject()) {
      columns.add("s.subject COLLATE \"C\" AS subject");
    }
    for (int i = 0; i < query.groupBy().size(); i++) {
      columns.add("coalesce(s.groups->>%s, '') COLLATE \"C\" AS group_%d"
          .formatted(parameter(query.groupBy().get(i)), i));
    }
    int keys = columns.size();
    columns.addAll(aggregates());
    StringBuilder text = new StringBuilder("SELECT " + String.join(", ", columns) + from());
    if (keys > 0) {
      List<String> numbers = new ArrayList<>();
      for (int i = 1; i <= keys; i++) {
        numbers.add(Integer.toString(i));
      }
      text.append(" GROUP BY ").append(String.join(", ", numbers));
      text.append(" ORDER BY ").append(String.join(", ", numbers));
    } else {
      text.append(" HAVING count(*) > 0");
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
      case LATEST ->
        List.of(
            "(array_agg(w.latest_value ORDER BY w.latest_nanos DESC, w.latest_identity DESC))[1]"
                + "::text AS value");
      case UNIQUE_COUNT -> List.of("count(DISTINCT w.value_hash)::text AS value");
    };
  }
}
