package dev.weir.gateway.http;

import dev.weir.api.http.ApiError;
import dev.weir.api.http.Problems;
import dev.weir.metering.Refusal;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import io.vertx.ext.web.handler.TimeoutHandler;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Puts handlers in their order: head, open routes, authentication, routes that read their own body
 * (ingest), then the body and all other routes. Each call gives a router of its own.
 *
 * @param open routes without credentials and without a body
 * @param streaming routes that read the body themselves, as it comes
 * @param control every other route; the body is there, the caller attached
 */
public record RouterFactory(
    Vertx vertx,
    RequestHead head,
    Problems problems,
    Handler<RoutingContext> authenticator,
    HttpLimits limits,
    List<Consumer<Router>> open,
    List<Consumer<Router>> streaming,
    List<Consumer<Router>> control)
    implements Supplier<Router> {

  private static final String API = "/api/*";

  /** Statuses that the router itself gives. */
  private static final List<Integer> ROUTER_STATUSES = List.of(400, 404, 405, 406, 413, 415, 500);

  public RouterFactory {
    open = List.copyOf(open);
    streaming = List.copyOf(streaming);
    control = List.copyOf(control);
  }

  @Override
  public Router get() {
    Router router = Router.router(vertx);
    RouterProblems failures = new RouterProblems(router, head, problems);
    ROUTER_STATUSES.forEach(status -> router.errorHandler(status, failures));
    router.route().handler(head).failureHandler(failures);
    open.forEach(routes -> routes.accept(router));
    router.route(API).handler(RouterFactory::refuseNul);
    router.route(API).handler(authenticator);
    streaming.forEach(routes -> routes.accept(router));
    router.route(API).handler(TimeoutHandler.create(limits.answerMillis(), 503));
    router.route(API).handler(RouterFactory::refuseEncoded);
    router.route(API).handler(RouterFactory::refuseOtherThanJson);
    router.route(API).handler(BodyHandler.create(false).setBodyLimit(limits.controlBodyBytesMax()));
    control.forEach(routes -> routes.accept(router));
    failures.routesAreComplete();
    return router;
  }

  /** A NUL character is no text of PostgreSQL's: nothing is named so, and no value can be. */
  private static void refuseNul(RoutingContext context) {
    String uri = context.request().uri();
    if (uri.contains("%00") || uri.indexOf('\0') >= 0) {
      for (Map.Entry<String, String> parameter : context.queryParams()) {
        if (parameter.getKey().indexOf('\0') >= 0 || parameter.getValue().indexOf('\0') >= 0) {
          String name = parameter.getKey().replace('\0', '?');
          throw new Refusal(
              ApiError.QUERY_PARAMETER_INVALID,
              name,
              "'%s' must not contain a NUL character.".formatted(name));
        }
      }
      if (context.normalizedPath().contains("%00") || context.normalizedPath().indexOf('\0') >= 0) {
        throw new Refusal(ApiError.ROUTE_NOT_FOUND, "There is nothing at this path.");
      }
    }
    context.next();
  }

  /** Without a type a body is taken for JSON; a form, as curl sends by itself, would not be seen. */
  private static void refuseOtherThanJson(RoutingContext context) {
    String header = context.request().getHeader("Content-Type");
    if (header != null && !HttpMethod.GET.equals(context.request().method())) {
      String type = header.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
      if (!type.equals("application/json") && !type.endsWith("+json")) {
        throw new Refusal(
            ApiError.CONTENT_TYPE_UNSUPPORTED,
            "Content-Type",
            "Send the body as application/json.");
      }
    }
    context.next();
  }

  /** Only ingest reads compressed bodies, as only it bounds what comes out of them. */
  private static void refuseEncoded(RoutingContext context) {
    String encoding = context.request().getHeader("Content-Encoding");
    if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
      throw new Refusal(
          ApiError.CONTENT_ENCODING_UNSUPPORTED,
          "Content-Encoding",
          "This path takes no compressed body; send it plain.");
    }
    context.next();
  }
}
