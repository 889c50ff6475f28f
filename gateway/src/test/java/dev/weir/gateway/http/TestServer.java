package dev.weir.gateway.http;

import dev.weir.api.http.Problems;
import dev.weir.metering.database.TestDatabase;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/** The real server with routes of a test's choice, on two event loops. */
public final class TestServer implements AutoCloseable {

  private final Vertx vertx;
  private final int port;
  private final int http2Port;
  private final String deployment;
  private final HttpClient client = HttpClient.newBuilder()
      .version(HttpClient.Version.HTTP_1_1)
      .connectTimeout(Duration.ofSeconds(10))
      .build();

  /** Starts it; every path under /api needs what the authenticator asks for. */
  public TestServer(
      Vertx vertx,
      HttpLimits limits,
      Handler<RoutingContext> authenticator,
      List<Consumer<Router>> streaming,
      List<Consumer<Router>> control) {
    this.vertx = vertx;
    this.port = freePort();
    this.http2Port = freePort();
    RouterFactory routers = new RouterFactory(
        vertx,
        new RequestHead(new Random(1)),
        new Problems(InstantSource.system()),
        authenticator,
        limits,
        List.of(),
        streaming,
        control);
    this.deployment = TestDatabase.await(vertx.deployVerticle(
        () -> new HttpServerVerticle("127.0.0.1", port, http2Port, 10, limits, routers),
        new io.vertx.core.DeploymentOptions().setInstances(2)));
  }

  public int port() {
    return port;
  }

  /** Where HTTP/2 is spoken. */
  public int http2Port() {
    return http2Port;
  }

  /** Sends a request; a null body means none. Headers come as name, value, name, value. */
  public HttpResponse<String> send(String method, String path, String body, String... headers) {
    HttpRequest.Builder request = HttpRequest.newBuilder(
            URI.create("http://127.0.0.1:" + port + path))
        .timeout(Duration.ofSeconds(60))
        .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    try {
      return client.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    TestDatabase.await(vertx.undeploy(deployment));
  }
}
