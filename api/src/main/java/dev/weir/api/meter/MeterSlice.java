package dev.weir.api.meter;

import dev.weir.api.http.QueryParameter;
import dev.weir.metering.meter.Meter;
import io.vertx.core.MultiMap;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which of a tenant's meters a list shows, by the parameters of OpenMeter's clients: {@code page} from 1,
 * {@code pageSize}, {@code orderBy} and {@code order}. Without {@code page} and {@code pageSize} all of
 * them, as their number is bounded.
 */
record MeterSlice(Comparator<Meter> order, int page, int pageSize) {

  private static final int PAGE_SIZE = 100;
  private static final int SIZE_MAX = 1_000;

  private static final Map<String, Comparator<Meter>> ORDERS = Map.of(
      "key", Comparator.comparing(Meter::key),
      "name", Comparator.comparing(MeterSlice::name),
      "aggregation", Comparator.comparing(meter -> meter.aggregation().name()),
      "createdAt", Comparator.comparing(Meter::createdAt),
      "updatedAt", Comparator.comparing(Meter::updatedAt));

  private static String name(Meter meter) {
    String name = meter.label().name();
    return name == null ? meter.key() : name;
  }

  static MeterSlice of(MultiMap parameters) {
    if ("true".equals(parameters.get("includeDeleted"))) {
      throw QueryParameter.invalid(
          "includeDeleted", "may only be false: deleted meters are not listed.");
    }
    boolean paged = parameters.contains("page") || parameters.contains("pageSize");
    return new MeterSlice(
        order(parameters.get("orderBy"), parameters.get("order")),
        number(parameters.get("page"), "page", 1),
        number(parameters.get("pageSize"), "pageSize", paged ? PAGE_SIZE : SIZE_MAX));
  }

  private static Comparator<Meter> order(@Nullable String by, @Nullable String direction) {
    Comparator<Meter> order = ORDERS.get(by == null ? "key" : by);
    if (order == null) {
      throw QueryParameter.invalid(
          "orderBy",
          "must be one of %s.".formatted(ORDERS.keySet().stream().sorted().toList()));
    }
    order = order.thenComparing(Meter::key);
    if (direction == null || direction.equalsIgnoreCase("ASC")) {
      return order;
    }
    if (direction.equalsIgnoreCase("DESC")) {
      return order.reversed();
    }
    throw QueryParameter.invalid("order", "must be ASC or DESC.");
  }

  private static int number(@Nullable String text, String name, int fallback) {
    if (text == null) {
      return fallback;
    }
    if (text.matches("[0-9]{1,4}")) {
      int value = Integer.parseInt(text);
      if (value >= 1 && value <= SIZE_MAX) {
        return value;
      }
    }
    throw QueryParameter.invalid(name, "must be a whole number from 1 to %d.".formatted(SIZE_MAX));
  }

  List<Meter> of(List<Meter> meters) {
    return meters.stream()
        .sorted(order)
        .skip((page - 1L) * pageSize)
        .limit(pageSize)
        .toList();
  }
}
