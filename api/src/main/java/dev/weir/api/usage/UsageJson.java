package dev.weir.api.usage;

import dev.weir.metering.usage.UsageQuery;
import dev.weir.metering.usage.UsageRow;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Usage in the wire shape; values are JSON numbers with every digit, or strings when asked for. */
final class UsageJson {

  private UsageJson() {}

  static Map<String, Object> wire(
      UsageQuery query, List<UsageRow> rows, boolean decimalsAsStrings) {
    Map<String, Object> wire = new LinkedHashMap<>();
    if (query.from() != null) {
      wire.put("from", query.from());
    }
    if (query.to() != null) {
      wire.put("to", query.to());
    }
    if (query.windowSize() != null) {
      wire.put("windowSize", query.windowSize().name());
    }
    wire.put("data", rows.stream().map(row -> wire(row, decimalsAsStrings)).toList());
    return wire;
  }

  private static Map<String, Object> wire(UsageRow row, boolean decimalsAsStrings) {
    Map<String, Object> wire = new LinkedHashMap<>();
    wire.put("value", decimalsAsStrings ? row.value().toString() : row.value().value());
    wire.put("windowStart", row.windowStart());
    wire.put("windowEnd", row.windowEnd());
    if (row.subject() != null) {
      wire.put("subject", row.subject());
    }
    if (!row.groupBy().isEmpty()) {
      wire.put("groupBy", row.groupBy());
    }
    return wire;
  }
}
