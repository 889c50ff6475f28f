package dev.weir.gateway.http;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.impl.HttpServerConnection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/**
 * What stands before the routes on the port of HTTP/2: a connection must begin with HTTP/2. One that
 * begins with HTTP/1, be it only to ask for an upgrade, is closed and none of its requests is served: the
 * first of them has been decoded without {@link GuardedRequestDecoder}. A request whose body does not
 * arrive in time is reset. Belongs to one event loop.
 */
final class Http2Guard implements Handler<HttpServerRequest> {

  private static final int STREAMS_MAX = 128;
  private static final int STREAM_WINDOW_BYTES = 256 * 1024;
  private static final int CONNECTION_WINDOW_BYTES = 1024 * 1024;

  /** RFC 9113 section 7. */
  private static final long ENHANCE_YOUR_CALM = 0xb;

  private static final String HTTP1_DECODER = "httpDecoder";

  private final Vertx vertx;
  private final HttpLimits limits;
  private final Handler<HttpServerRequest> routes;

  /** Refused connections until they are closed; nearly always empty. */
  private final Set<HttpConnection> refused = Collections.newSetFromMap(new IdentityHashMap<>());

  Http2Guard(Vertx vertx, HttpLimits limits, Handler<HttpServerRequest> routes) {
    this.vertx = vertx;
    this.limits = limits;
    this.routes = routes;
  }

  /** Bounds what one connection can have under way and unread. */
  static HttpServerOptions options(HttpServerOptions common, HttpLimits limits) {
    return new HttpServerOptions(common)
        .setHttp2ClearTextEnabled(true)
        .setHttp2ConnectionWindowSize(CONNECTION_WINDOW_BYTES)
        .setInitialSettings(new Http2Settings()
            .setMaxConcurrentStreams(STREAMS_MAX)
            .setInitialWindowSize(STREAM_WINDOW_BYTES)
            .setMaxHeaderListSize(limits.headerBytesMax()));
  }

  void connected(HttpConnection connection) {
    ChannelHandlerContext channel = ((HttpServerConnection) connection).channelHandlerContext();
    if (channel.pipeline().get(HTTP1_DECODER) != null) {
      refused.add(connection);
      connection.closeHandler(closed -> refused.remove(connection));
      ChannelFuture unused = channel.close();
    }
  }

  @Override
  public void handle(HttpServerRequest request) {
    if (request.version() != HttpVersion.HTTP_2 || refused.contains(request.connection())) {
      return;
    }
    long deadline = vertx.setTimer(limits.receiveMillis(), late -> {
      Future<Void> unused = request.response().reset(ENHANCE_YOUR_CALM);
    });
    request.end().onComplete(ended -> vertx.cancelTimer(deadline));
    routes.handle(request);
  }
}
