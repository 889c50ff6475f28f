package dev.weir.gateway.http;

import io.netty.channel.ChannelPipeline;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.impl.Http1xServerConnection;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Listens, once on each event loop; all instances share the port. Holds no rules. */
public final class HttpServerVerticle extends VerticleBase {

  private static final int BACKLOG = 1_024;

  private final String host;
  private final int port;
  private final int drainSeconds;
  private final HttpLimits limits;
  private final RouterFactory routers;
  private final HttpServerOptions options;
  private @Nullable HttpServer server;

  /**
   * Prepares an instance.
   *
   * @param port a free one already chosen, as instances must agree
   * @param drainSeconds how long a stop waits for requests being answered
   * @param routers makes the routes of one instance
   */
  public HttpServerVerticle(
      String host, int port, int drainSeconds, HttpLimits limits, RouterFactory routers) {
    this.host = host;
    this.port = port;
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
    HttpServer listening = vertx.createHttpServer(options);
    server = listening;
    return listening
        .connectionHandler(this::guard)
        .requestHandler(routers.get())
        .invalidRequestHandler(new MalformedRequests(routers.head(), routers.problems()))
        .listen(port, host);
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
    HttpServer listening = server;
    return listening == null
        ? Future.succeededFuture()
        : listening.shutdown(drainSeconds, TimeUnit.SECONDS);
  }
}
