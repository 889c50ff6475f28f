package dev.weir.gateway.http;

import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Gives every request an id and every answer its standard headers. Thread-safe. */
public final class RequestHead implements Handler<RoutingContext> {

  /** Key of the request id in the routing context. */
  public static final String REQUEST_ID = "requestId";

  private static final Pattern SANE = Pattern.compile("[A-Za-z0-9._:/+=-]{1,64}");
  private static final CharSequence ID = HttpHeaders.createOptimized("X-Request-ID");
  private static final CharSequence TYPE_OPTIONS =
      HttpHeaders.createOptimized("X-Content-Type-Options");
  private static final CharSequence POLICY = HttpHeaders.createOptimized("Content-Security-Policy");
  private static final CharSequence REFERRER = HttpHeaders.createOptimized("Referrer-Policy");
  private static final CharSequence TRANSPORT =
      HttpHeaders.createOptimized("Strict-Transport-Security");
  private static final CharSequence NOSNIFF = HttpHeaders.createOptimized("nosniff");
  private static final CharSequence NOTHING =
      HttpHeaders.createOptimized("default-src 'none'; frame-ancestors 'none'");
  private static final CharSequence NO_REFERRER = HttpHeaders.createOptimized("no-referrer");
  private static final CharSequence A_YEAR =
      HttpHeaders.createOptimized("max-age=31536000; includeSubDomains");

  private final String prefix;
  private final AtomicLong count = new AtomicLong();

  /** Ids are unique for good: a random part of the process, and a count. */
  public RequestHead(RandomGenerator random) {
    this.prefix = HexFormat.of().toHexDigits(random.nextLong()) + "-";
  }

  @Override
  public void handle(RoutingContext context) {
    context.put(REQUEST_ID, write(context.request()));
    context.next();
  }

  /** Sets the headers of the answer to a request, and gives the request's id. */
  String write(HttpServerRequest request) {
    String id = id(request.getHeader(ID));
    MultiMap headers = request.response().headers();
    headers.set(ID, id);
    headers.set(TYPE_OPTIONS, NOSNIFF);
    headers.set(POLICY, NOTHING);
    headers.set(REFERRER, NO_REFERRER);
    if (request.isSSL()) {
      headers.set(TRANSPORT, A_YEAR);
    }
    return id;
  }

  private String id(@Nullable String given) {
    return given != null && SANE.matcher(given).matches()
        ? given
        : prefix + Long.toHexString(count.incrementAndGet());
  }
}
