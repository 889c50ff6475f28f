package dev.weir.metering.usage;

import io.vertx.sqlclient.Row;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a query splits by, of one row: the subject and the dimensions that were asked for. */
record UsageGroup(@Nullable String subject, SortedMap<String, String> dimensions) {

  static UsageGroup of(UsageQuery query, Row row) {
    TreeMap<String, String> dimensions = new TreeMap<>();
    for (int i = 0; i < query.groupBy().size(); i++) {
      dimensions.put(query.groupBy().get(i), row.getString("group_" + i));
    }
    return new UsageGroup(query.bySubject() ? row.getString("subject") : null, dimensions);
  }
}
