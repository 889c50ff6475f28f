package dev.weir.api.http;

import dev.weir.metering.Refusal;
import io.vertx.ext.web.RoutingContext;

/**
 * Which slice of a list is wanted: {@code ?page=1&limit=20}, pages from 1, at most 200 items each.
 */
public record Page(int number, int limit) {

  public static final int LIMIT_MAX = 200;

  public static Page of(RoutingContext context) {
    return new Page(
        parameter(context, "page", 1, 1_000_000), parameter(context, "limit", 20, LIMIT_MAX));
  }

  public int offset() {
    return Math.multiplyExact(number - 1, limit);
  }

  private static int parameter(RoutingContext context, String name, int fallback, int max) {
    String text = context.request().getParam(name);
    if (text == null) {
      return fallback;
    }
    if (text.matches("[0-9]{1,7}")) {
      int value = Integer.parseInt(text);
      if (value >= 1 && value <= max) {
        return value;
      }
    }
    throw new Refusal(
        ApiError.QUERY_PARAMETER_INVALID,
        name,
        "'%s' must be a whole number from 1 to %d.".formatted(name, max));
  }
}
