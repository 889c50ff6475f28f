package dev.weir.gateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.api.http.Answers;
import dev.weir.metering.database.TestDatabase;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.StreamResetException;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The port of HTTP/2: what is served there, and what is not. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class Http2IT {

  private static final HttpLimits LIMITS =
      new HttpLimits(4 * 1024, 2 * 1024, 700, 60, 64 * 1024, 20_000);

  private final AtomicInteger served = new AtomicInteger();
  private Vertx vertx;
  private TestServer server;
  private HttpClient client;

  @BeforeAll
  void start() {
    vertx = Vertx.vertx();
    server = new TestServer(
        vertx,
        LIMITS,
        RoutingContext::next,
        List.of(router -> router.post("/api/stream").handler(this::count)),
        List.of(this::mount));
    client = vertx.createHttpClient(
        new HttpClientOptions()
            .setProtocolVersion(HttpVersion.HTTP_2)
            .setHttp2ClearTextUpgrade(false)
            .setHttp2MultiplexingLimit(100),
        new PoolOptions().setHttp2MaxSize(1));
  }

  private void mount(Router router) {
    router.post("/api/echo").handler(context -> {
      served.incrementAndGet();
      Answers.write(context, 200, Map.of("bytes", context.body().length()));
    });
    router.get("/api/version").handler(context -> {
      served.incrementAndGet();
      Answers.write(context, 200, Map.of("version", context.request().version().name()));
    });
    Promise<Void> both = Promise.promise();
    AtomicInteger waiting = new AtomicInteger();
    router.get("/api/both").handler(context -> {
      both.future().onSuccess(go -> Answers.write(context, 200, Map.of("both", true)));
      if (waiting.incrementAndGet() == 2) {
        both.complete();
      }
    });
  }

  private void count(RoutingContext context) {
    served.incrementAndGet();
    long[] bytes = new long[1];
    context.request().handler(chunk -> bytes[0] += chunk.length());
    context.request().endHandler(end -> Answers.write(context, 200, Map.of("bytes", bytes[0])));
  }

  @BeforeEach
  void reset() {
    served.set(0);
  }

  @AfterAll
  void stop() {
    server.close();
    TestDatabase.await(vertx.close());
  }

  private Future<HttpClientRequest> request(HttpMethod method, String path) {
    return client.request(method, server.http2Port(), "127.0.0.1", path);
  }

  private record Answer(int status, String requestId, String body) {}

  private Future<Answer> send(HttpMethod method, String path, String body) {
    return request(method, path)
        .compose(request -> request.send(Buffer.buffer(body)))
        .compose(response -> response
            .body()
            .map(bytes -> new Answer(
                response.statusCode(),
                String.valueOf(response.getHeader("x-request-id")),
                bytes.toString())));
  }

  @Test
  void requestsAreServedByTheSameRoutes() {
    Answer version = TestDatabase.await(send(HttpMethod.GET, "/api/version", ""));
    assertEquals(200, version.status());
    assertEquals("{\"version\":\"HTTP_2\"}", version.body());
    assertTrue(version.requestId().length() > 8, version.toString());
    for (String path : List.of("/api/echo", "/api/stream")) {
      Answer echo = TestDatabase.await(send(HttpMethod.POST, path, "x".repeat(60_000)));
      assertEquals("{\"bytes\":60000}", echo.body());
    }
    Answer nothing = TestDatabase.await(send(HttpMethod.GET, "/api/nothing", ""));
    assertEquals(404, nothing.status());
    assertTrue(nothing.body().contains("\"ROUTE_NOT_FOUND\""), nothing.body());
    Answer large = TestDatabase.await(send(HttpMethod.POST, "/api/echo", "x".repeat(70_000)));
    assertEquals(413, large.status());
  }

  @Test
  void manyRequestsAreUnderWayOnOneConnection() {
    // Each is answered only when the other has come.
    List<Future<Answer>> answers = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      answers.add(send(HttpMethod.GET, "/api/both", ""));
    }
    answers.forEach(answer -> assertEquals(200, TestDatabase.await(answer).status()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/api/echo", "/api/stream"})
  void aBodyThatDoesNotComeIsResetAtTheDeadlineAndTheConnectionStays(String path) {
    HttpClientRequest request = TestDatabase.await(request(HttpMethod.POST, path));
    Promise<Throwable> failure = Promise.promise();
    request.exceptionHandler(failure::tryComplete);
    TestDatabase.await(request.setChunked(true).write("abc"));
    Throwable reset = TestDatabase.await(failure.future());
    assertTrue(reset instanceof StreamResetException, reset.toString());
    assertEquals(0xb, ((StreamResetException) reset).getCode());
    assertEquals(
        200, TestDatabase.await(send(HttpMethod.GET, "/api/version", "")).status());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "POST /api/echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\na",
        "POST /api/stream HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\na",
        "POST /api/stream HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "0\r\n\r\nGET /api/version HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /api/version HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\n"
            + "Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n",
        "POST /api/stream HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\n"
            + "Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\nContent-Length: 1\r\n\r\na",
        "nonsense\r\n\r\n"
      })
  void whatBeginsAsHttp1IsClosedAndNotServed(String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.http2Port())) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().flush();
      String received;
      try {
        received = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
      } catch (java.net.SocketException e) {
        // It was reset, as not all that was sent had been read.
        received = "";
      }
      assertTrue(!received.contains("HTTP/1.1 200"), received);
    }
    // What was sent before is handled by now, if at all, on either event loop.
    for (int i = 0; i < 4; i++) {
      assertEquals(404, server.send("GET", "/api/nothing", null).statusCode());
    }
    assertEquals(0, served.get());
  }

  @Test
  void theUpgradeIsNotTakenOnThePortOfHttp1() throws Exception {
    java.net.http.HttpClient upgrading = java.net.http.HttpClient.newBuilder()
        .version(java.net.http.HttpClient.Version.HTTP_2)
        .build();
    HttpResponse<String> answer = upgrading.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/api/version"))
            .build(),
        HttpResponse.BodyHandlers.ofString());
    assertEquals(java.net.http.HttpClient.Version.HTTP_1_1, answer.version());
    assertEquals("{\"version\":\"HTTP_1_1\"}", answer.body());
    assertThrows(
        IOException.class,
        () -> upgrading.send(
            HttpRequest.newBuilder(
                    URI.create("http://127.0.0.1:" + server.http2Port() + "/api/version"))
                .build(),
            HttpResponse.BodyHandlers.ofString()));
  }
}
