package dev.weir.gateway.http;

import dev.weir.metering.scheduling.AnsweringThread;
import io.netty.channel.ChannelPipeline;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.impl.Http1xServerConnection;
import io.vertx.ext.web.Router;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Listens, once on each event loop; all instances share the port. Holds no rules. */
public final class HttpServerVerticle extends VerticleBase {

  private static final int BACKLOG = 1_024;

  private final String host;
  private final int port;
  private final int http2Port;
  private final int drainSeconds;
  private final HttpLimits limits;
  private final RouterFactory routers;
  private final HttpServerOptions options;
  private final List<HttpServer> servers = new ArrayList<>();

  /**
   * Prepares an instance.
   *
   * @param port a free one already chosen, as instances must agree
   * @param http2Port the same for HTTP/2; 0 for none
   * @param drainSeconds how long a stop waits for requests being answered
   * @param routers makes the routes of one instance
   */
  public HttpServerVerticle(
      String host,
      int port,
      int http2Port,
      int drainSeconds,
      HttpLimits limits,
      RouterFactory routers) {
    this.host = host;
    this.port = port;
    this.http2Port = http2Port;
    this.drainSeconds = drainSeconds;
    this.limits = limits;
    this.routers = routers;
    this.options = options(limits);
  }

  private static HttpServerOptions options(HttpLimits limits) {
    return new HttpServerOptions()
        .setAcceptBacklog(BACKLOG)
        .setTcpNoDelay(true)
        .setTcpKeepAlive(true)
        .setIdleTimeout(limits.idleSeconds())
        .setIdleTimeoutUnit(TimeUnit.SECONDS)
        .setMaxHeaderSize(limits.headerBytesMax())
        .setMaxInitialLineLength(limits.firstLineBytesMax())
        .setHttp2ClearTextEnabled(false)
        .setCompressionSupported(true)
        .setDecompressionSupported(false);
  }

  @Override
  public Future<?> start() {
    AnsweringThread.begin();
    Router router = routers.get();
    HttpServer http1 = vertx
        .createHttpServer(options)
        .connectionHandler(this::guard)
        .requestHandler(router)
        .invalidRequestHandler(new MalformedRequests(routers.head(), routers.problems()));
    return listen(http1, port)
        .compose(listening -> http2Port == 0 ? Future.succeededFuture() : listenHttp2(router));
  }

  private Future<?> listenHttp2(Router router) {
    Http2Guard guard = new Http2Guard(vertx, limits, router);
    HttpServer http2 = vertx
        .createHttpServer(Http2Guard.options(options, limits))
        .connectionHandler(guard::connected)
        .requestHandler(guard)
        .invalidRequestHandler(guard);
    return listen(http2, http2Port);
  }

  private Future<HttpServer> listen(HttpServer server, int on) {
    servers.add(server);
    return server.listen(on, host);
  }

  private void guard(HttpConnection connection) {
    ChannelPipeline pipeline =
        ((Http1xServerConnection) connection).channelHandlerContext().pipeline();
    pipeline.replace(
        "httpDecoder", "httpDecoder", new GuardedRequestDecoder(options, limits.receiveMillis()));
  }

  /** Stops accepting and lets requests that are being answered finish. */
  @Override
  public Future<?> stop() {
    return Future.join(servers.stream()
        .map(server -> server.shutdown(drainSeconds, TimeUnit.SECONDS))
        .toList());
  }
}
