package dev.weir.gateway.http;

import dev.weir.api.http.ApiError;
import dev.weir.api.http.Problems;
import dev.weir.metering.Refusal;
import io.vertx.core.Handler;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes problems of a router's failures. Where a path is known but not the method, it says which
 * methods are. Belongs to one router, on its event loop.
 */
final class RouterProblems implements Handler<RoutingContext> {

  private final Router router;
  private final RequestHead head;
  private final Problems problems;
  private @Nullable AllowedMethods allowed;

  RouterProblems(Router router, RequestHead head, Problems problems) {
    this.router = router;
    this.head = head;
    this.problems = problems;
  }

  /** Called once, when the last route is mounted and before the first request. */
  void routesAreComplete() {
    allowed = new AllowedMethods(router);
  }

  @Override
  public void handle(RoutingContext context) {
    if (context.get(RequestHead.REQUEST_ID) == null) {
      // The router refused it before the first handler, as without a Host header.
      head.write(context.request());
    }
    boolean noRoute =
        context.failure() == null && (context.statusCode() == 404 || context.statusCode() == 405);
    AllowedMethods known = allowed;
    if (noRoute && known != null) {
      String method = context.request().method().name();
      Set<String> methods = known.of(context.normalizedPath());
      if (!methods.isEmpty() && !methods.contains(method)) {
        String list = String.join(", ", methods);
        context.response().putHeader("Allow", list);
        problems.send(
            context,
            new Refusal(
                ApiError.METHOD_NOT_ALLOWED,
                "This path does not offer %s; it offers %s.".formatted(method, list)));
        return;
      }
    }
    problems.handle(context);
  }
}
