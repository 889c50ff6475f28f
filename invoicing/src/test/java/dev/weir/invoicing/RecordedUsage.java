package dev.weir.invoicing;

import dev.weir.metering.Quantity;
import dev.weir.metering.usage.UsageQuery;
import dev.weir.metering.usage.UsageRow;
import dev.weir.metering.usage.WindowSize;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;

/** Usage of SUM meters held in memory, answering as {@code UsageStore} does. */
public final class RecordedUsage {

  private record Recorded(
      UUID meterId, String subject, Map<String, String> dimensions, Instant time, Quantity value) {}

  private final List<Recorded> recorded = new CopyOnWriteArrayList<>();

  public void add(UUID meterId, String subject, String model, String time, String value) {
    recorded.add(new Recorded(
        meterId, subject, Map.of("model", model), Instant.parse(time), Quantity.of(value)));
  }

  public Future<Quantity> total(SqlConnection connection, UsageQuery query) {
    return Future.succeededFuture(sum(query));
  }

  public Future<List<UsageRow>> query(SqlConnection connection, UsageQuery query) {
    WindowSize size = query.windowSize();
    if (size == null) {
      Quantity sum = sum(query);
      return Future.succeededFuture(
          sum.signum() == 0 ? List.of() : List.of(row(query.from(), query.to(), sum)));
    }
    long seconds = switch (size) {
      case MINUTE -> 60;
      case HOUR -> 3_600;
      default -> 86_400;
    };
    TreeMap<Instant, Quantity> windows = new TreeMap<>();
    for (Recorded one : recorded) {
      if (matches(one, query)) {
        long at = one.time().getEpochSecond();
        windows.merge(
            Instant.ofEpochSecond(at - Math.floorMod(at, seconds)), one.value(), Quantity::plus);
      }
    }
    return Future.succeededFuture(windows.entrySet().stream()
        .map(entry -> row(entry.getKey(), entry.getKey().plusSeconds(seconds), entry.getValue()))
        .toList());
  }

  private static UsageRow row(Instant from, Instant to, Quantity value) {
    return new UsageRow(value, from, to, null, new TreeMap<>());
  }

  private Quantity sum(UsageQuery query) {
    Quantity sum = Quantity.ZERO;
    for (Recorded one : recorded) {
      sum = matches(one, query) ? sum.plus(one.value()) : sum;
    }
    return sum;
  }

  private static boolean matches(Recorded one, UsageQuery query) {
    return one.meterId().equals(query.meter().id())
        && (query.subjects().isEmpty() || query.subjects().contains(one.subject()))
        && !one.time().isBefore(query.from())
        && one.time().isBefore(query.to())
        && query.filterGroupBy().entrySet().stream()
            .allMatch(filter ->
                filter.getValue().contains(one.dimensions().getOrDefault(filter.getKey(), "")));
  }
}
