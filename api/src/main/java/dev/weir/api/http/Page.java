package dev.weir.api.http;

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
    return QueryParameter.number(context.request().getParam(name), name, fallback, max);
  }
}
