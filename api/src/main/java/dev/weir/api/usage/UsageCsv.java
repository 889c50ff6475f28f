package dev.weir.api.usage;

import dev.weir.metering.usage.UsageQuery;
import dev.weir.metering.usage.UsageRow;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Usage as CSV (RFC 4180): a header line, then a line a row, CRLF between them. */
final class UsageCsv {

  private UsageCsv() {}

  static String write(UsageQuery query, List<UsageRow> rows) {
    List<String> header = new ArrayList<>(List.of("window_start", "window_end"));
    if (query.bySubject()) {
      header.add("subject");
    }
    header.addAll(query.groupBy());
    header.add("value");
    StringBuilder csv = new StringBuilder(line(header));
    for (UsageRow row : rows) {
      List<String> cells = new ArrayList<>();
      cells.add(row.windowStart().toString());
      cells.add(row.windowEnd().toString());
      if (query.bySubject()) {
        cells.add(String.valueOf(row.subject()));
      }
      query.groupBy().forEach(name -> cells.add(row.groupBy().getOrDefault(name, "")));
      cells.add(row.value().toString());
      csv.append(line(cells));
    }
    return csv.toString();
  }

  private static String line(List<String> cells) {
    return cells.stream().map(UsageCsv::cell).collect(Collectors.joining(",", "", "\r\n"));
  }

  private static String cell(String text) {
    boolean quoted = text.chars().anyMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
    return quoted ? "\"" + text.replace("\"", "\"\"") + "\"" : text;
  }
}
