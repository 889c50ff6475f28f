package dev.weir.invoicing.explain;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.invoicing.InvoiceItem;
import dev.weir.metering.MeteringError;
import dev.weir.metering.Quantity;
import dev.weir.metering.Refusal;
import dev.weir.metering.meter.Aggregation;
import dev.weir.metering.meter.Meter;
import dev.weir.metering.usage.UsageQuery;
import dev.weir.metering.usage.UsageRow;
import dev.weir.metering.usage.WindowSize;
import dev.weir.rating.catalog.MeterLookup;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads the usage behind a line, with the meter, filter and subjects it was billed with. */
final class UsageReading {

  private static final int TRIES_MAX = 3;

  private final MeterLookup meters;
  private final UsageWindows windows;

  UsageReading(MeterLookup meters, UsageWindows windows) {
    this.meters = meters;
    this.windows = windows;
  }

  /**
   * What was found: one of the two.
   *
   * @param missing why there is no usage to show
   */
  record Found(@Nullable LineUsage usage, @Nullable String missing) {}

  /** The line's usage, as far as it can still be read. */
  Future<Found> read(
      SqlConnection connection,
      UUID tenantId,
      InvoiceItem item,
      JsonNode frozen,
      ExplainRequest request) {
    return meters
        .find(connection, tenantId, frozen.path("meter").path("id").asText())
        .compose(meter -> {
          UsageQuery whole = UsageQuery.total(
              meter, item.periodStart(), item.periodEnd(), subjects(frozen), filter(frozen));
          return read(connection, item, whole, request, TRIES_MAX);
        })
        .map(usage -> new Found(usage, null))
        .recover(UsageReading::missing);
  }

  /** The frozen part of the line tells the amount all the same. */
  private static Future<Found> missing(Throwable failure) {
    return failure instanceof Refusal refusal
            && (refusal.code() == MeteringError.METER_NOT_FOUND
                || refusal.code() == MeteringError.USAGE_MINUTES_GONE)
        ? Future.succeededFuture(new Found(null, refusal.text()))
        : Future.failedFuture(failure);
  }

  /** Usage may come in between two of these queries; then they are asked again, a few times. */
  private Future<LineUsage> read(
      SqlConnection connection,
      InvoiceItem item,
      UsageQuery whole,
      ExplainRequest request,
      int tries) {
    WindowPages pages = new WindowPages(item.periodStart(), item.periodEnd(), request.windowSize());
    return query(connection, whole)
        .compose(total -> query(connection, whole.windowed(WindowSize.DAY))
            .compose(days -> page(connection, whole, pages, request.page())
                .map(page -> new LineUsage(
                    item.quantity(),
                    total.isEmpty() ? Quantity.ZERO : total.get(0).value(),
                    together(whole.meter(), days),
                    request.windowSize(),
                    request.page(),
                    pages.count(),
                    page)))
            .compose(usage -> usage.consistent() || tries <= 1
                ? Future.succeededFuture(usage)
                : read(connection, item, whole, request, tries - 1)));
  }

  private Future<List<UsageRow>> page(
      SqlConnection connection, UsageQuery whole, WindowPages pages, int page) {
    if (page > pages.count()) {
      return Future.succeededFuture(List.of());
    }
    Meter meter = whole.meter();
    UsageQuery slice = UsageQuery.total(
        meter, pages.start(page), pages.end(page), whole.subjects(), whole.filterGroupBy());
    return query(connection, slice.windowed(pages.size()));
  }

  private Future<List<UsageRow>> query(SqlConnection connection, UsageQuery query) {
    // A query without subjects would mean everyone's usage.
    return query.subjects().isEmpty()
        ? Future.succeededFuture(List.of())
        : windows.query(connection, query);
  }

  /** What windows in order come to, or null when that does not follow from their values. */
  static @Nullable Quantity together(Meter meter, List<UsageRow> windows) {
    return meter.keepsEveryDigit() ? together(meter.aggregation(), windows) : null;
  }

  static @Nullable Quantity together(Aggregation aggregation, List<UsageRow> windows) {
    List<Quantity> values = windows.stream().map(UsageRow::value).toList();
    return switch (aggregation) {
      case COUNT, SUM -> values.stream().reduce(Quantity.ZERO, Quantity::plus);
      case MIN -> values.stream().min(Quantity::compareTo).orElse(Quantity.ZERO);
      case MAX -> values.stream().max(Quantity::compareTo).orElse(Quantity.ZERO);
      case LATEST -> values.isEmpty() ? Quantity.ZERO : values.get(values.size() - 1);
      case AVG, UNIQUE_COUNT, WEIGHTED_SUM, WEIGHTED_UNIQUE_COUNT, PERCENTILE -> null;
    };
  }

  private static Set<String> subjects(JsonNode frozen) {
    return texts(frozen.path("subjects"));
  }

  private static Map<String, Set<String>> filter(JsonNode frozen) {
    Map<String, Set<String>> filter = new HashMap<>();
    frozen
        .path("filter")
        .properties()
        .forEach(entry -> filter.put(entry.getKey(), texts(entry.getValue())));
    return filter;
  }

  private static Set<String> texts(JsonNode array) {
    Set<String> texts = new HashSet<>();
    array.forEach(text -> texts.add(text.asText()));
    return texts;
  }
}
