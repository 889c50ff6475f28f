package dev.weir.gateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.api.http.Answers;
import dev.weir.metering.database.TestDatabase;
import dev.weir.metering.json.Json;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the server refuses before any route sees it, over raw sockets. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HttpHardeningIT {

  private static final HttpLimits LIMITS =
      new HttpLimits(4 * 1024, 2 * 1024, 700, 60, 64 * 1024, 1_500);

  private final CountDownLatch slowBegan = new CountDownLatch(1);
  private final Promise<Void> slowMayEnd = Promise.promise();
  private Vertx vertx;
  private TestServer server;

  @BeforeAll
  void start() {
    vertx = Vertx.vertx();
    server = newServer();
  }

  private TestServer newServer() {
    return new TestServer(
        vertx,
        LIMITS,
        RoutingContext::next,
        List.of(router -> router.post("/api/stream").handler(this::count)),
        List.of(this::mount));
  }

  private void mount(Router router) {
    router
        .post("/api/echo")
        .handler(context ->
            Answers.write(context, 200, Map.of("bytes", context.body().length())));
    router
        .get("/api/long")
        .handler(context -> Answers.write(context, 200, Map.of("text", "x".repeat(10_000))));
    router.get("/api/never").handler(context -> {});
    router.get("/api/things/:id").handler(context -> context.fail(404));
    router.delete("/api/things/:id").handler(context -> context.fail(404));
    router.get("/api/bug").handler(context -> {
      throw new IllegalStateException("secret detail");
    });
    router.get("/api/slow").handler(context -> {
      slowBegan.countDown();
      slowMayEnd.future().onSuccess(go -> Answers.write(context, 200, Map.of("slow", true)));
    });
  }

  private void count(RoutingContext context) {
    long[] bytes = new long[1];
    context.request().handler(chunk -> bytes[0] += chunk.length());
    context.request().endHandler(end -> Answers.write(context, 200, Map.of("bytes", bytes[0])));
  }

  @AfterAll
  void stop() {
    server.close();
    TestDatabase.await(vertx.close());
  }

  /** Sends bytes and reads until the server closes; fails after 10 s. */
  private String exchange(String request) throws IOException {
    try (Socket socket = connect()) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().flush();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
    socket.setSoTimeout(10_000);
    return socket;
  }

  private static int answers(String received) {
    return received.split("HTTP/1\\.[01] ", -1).length - 1;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 5\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked\r\nContent-Length: 5",
        "Transfer-Encoding: chunked, xchunked",
        "Transfer-Encoding: xchunked, chunked",
        "Transfer-Encoding: gzip, chunked",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
        "Transfer-Encoding: identity",
        "Transfer-Encoding: \"chunked\"",
        "Transfer-Encoding:\u000bchunked",
        "Content-Length: 5\r\nContent-Length: 6",
        "Content-Length: 5, 6",
        "Content-Length: +5",
        "Content-Length: -1",
        "Content-Length : 5"
      })
  void anAmbiguousEndIsRefusedAndTheConnectionClosed(String headers) throws IOException {
    String received = exchange("POST /api/echo HTTP/1.1\r\nHost: x\r\n" + headers + "\r\n\r\n"
        + "0\r\n\r\nGET /api/long HTTP/1.1\r\nHost: x\r\n\r\n");
    assertTrue(received.startsWith("HTTP/1.1 400 "), received);
    assertEquals(1, answers(received), received);
    requireProblem(received, 400, "REQUEST_MALFORMED");
  }

  /** A whole answer, as received, that is a problem in the shape of all others, and the last one. */
  private static void requireProblem(String received, int status, String code) {
    String[] parts = received.split("\r\n\r\n", 2);
    String head = parts[0].toLowerCase(java.util.Locale.ROOT);
    // What has no readable version is answered as HTTP/1.0, which closes anyway.
    assertTrue(parts[0].matches("(?s)HTTP/1\\.[01] " + status + " .*"), received);
    assertTrue(head.startsWith("http/1.0") || head.contains("\r\nconnection: close"), received);
    assertTrue(head.contains("\r\ncontent-type: application/problem+json"), received);
    assertTrue(head.contains("\r\nx-request-id: "), received);
    assertTrue(head.contains("\r\nx-content-type-options: nosniff"), received);
    assertTrue(head.contains("\r\ncontent-length: " + parts[1].length()), received);
    JsonNode body = Json.parseOwn(parts[1]);
    assertEquals(status, body.path("status").asInt(), received);
    assertEquals(code, body.at("/error/code").asText(), received);
    assertEquals(body.path("detail"), body.at("/error/message"), received);
    assertFalse(body.path("success").asBoolean(true), received);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nonsense\r\n\r\n",
        "GET\r\n\r\n",
        "GET /api/long HTTP/1.1\r\nHost: x\r\nX-\u0001: 1\r\n\r\n",
        "GET /api/long HTTP/1.1\r\nHost: x\r\nA B: 1\r\n\r\n",
        "GET /api/long HTTP/x.1\r\nHost: x\r\n\r\n"
      })
  void whatIsNoHttpGetsAProblem(String request) throws IOException {
    requireProblem(exchange(request), 400, "REQUEST_MALFORMED");
  }

  @ParameterizedTest
  @ValueSource(strings = {"zz\r\n", "-1\r\nx\r\n", "3\r\nabcdef\r\n0\r\n\r\n"})
  void aBodyInBrokenChunksEndsTheConnection(String chunks) throws IOException {
    for (String path : List.of("/api/echo", "/api/stream")) {
      String received = exchange("POST " + path
          + " HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks
          + "GET /api/long HTTP/1.1\r\nHost: x\r\n\r\n");
      assertTrue(answers(received) <= 1, received);
      assertFalse(received.contains("xxxx"), received);
    }
  }

  @Test
  void aRequestWithoutAHostIsTheCallersFault() throws IOException {
    String received = exchange("GET /api/long HTTP/1.1\r\nConnection: close\r\n\r\n");
    requireProblem(received, 400, "REQUEST_MALFORMED");
  }

  @Test
  void transferEncodingBeforeHttp11IsRefused() throws IOException {
    String received = exchange(
        "POST /api/echo HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n");
    assertTrue(received.contains(" 400 "), received);
  }

  @Test
  void anHonestChunkedBodyIsRead() throws IOException {
    String received =
        exchange("POST /api/echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: Chunked\r\n"
            + "Connection: close\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
    assertTrue(received.startsWith("HTTP/1.1 200 "), received);
    assertTrue(received.endsWith("{\"bytes\":5}"), received);
  }

  @Test
  void pipelinedRequestsAreAnsweredInOrder() throws IOException {
    String received = exchange(
        "POST /api/echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\na"
            + "POST /api/stream HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nConnection: close\r\n\r\nab");
    assertEquals(2, answers(received), received);
    assertTrue(received.indexOf("{\"bytes\":1}") < received.indexOf("{\"bytes\":2}"), received);
  }

  @Test
  void aBodyThatDripsIsCutOffAtTheDeadline() throws Exception {
    long began = System.nanoTime();
    try (Socket socket = connect()) {
      socket
          .getOutputStream()
          .write("POST /api/echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n"
              .getBytes(StandardCharsets.ISO_8859_1));
      assertTrue(drip(socket) < 1_000, "the whole body was taken");
    }
    Duration took = Duration.ofNanos(System.nanoTime() - began);
    assertTrue(took.compareTo(Duration.ofMillis(600)) > 0, took.toString());
    assertTrue(took.compareTo(Duration.ofSeconds(8)) < 0, took.toString());
  }

  @Test
  void aHeadThatDripsIsCutOffAtTheDeadline() throws Exception {
    try (Socket socket = connect()) {
      socket.getOutputStream().write("GET /api/".getBytes(StandardCharsets.ISO_8859_1));
      assertTrue(drip(socket) < 1_000, "the connection stayed open");
    }
  }

  /** Sends a byte every 10 ms until the server closes; gives how many were sent, at most 1,000. */
  private static int drip(Socket socket) throws Exception {
    socket.setSoTimeout(10);
    InputStream in = socket.getInputStream();
    for (int sent = 0; sent < 1_000; sent++) {
      try {
        socket.getOutputStream().write('a');
        if (in.read() < 0) {
          return sent;
        }
      } catch (java.net.SocketTimeoutException e) {
        // still open
      } catch (IOException e) {
        return sent;
      }
    }
    return 1_000;
  }

  @Test
  void aConnectionThatWaitsBetweenRequestsOutlivesTheDeadline() throws Exception {
    try (Socket socket = connect()) {
      byte[] request =
          "GET /api/nothing HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1);
      socket.getOutputStream().write(request);
      assertEquals('H', socket.getInputStream().read());
      Promise<Void> later = Promise.promise();
      vertx.setTimer(2 * LIMITS.receiveMillis(), id -> later.complete());
      TestDatabase.await(later.future());
      socket.getInputStream().skipNBytes(socket.getInputStream().available());
      socket.getOutputStream().write(request);
      assertEquals('H', socket.getInputStream().read());
    }
  }

  @Test
  void longHeadersAndFirstLinesAreRefused() throws IOException {
    String header =
        exchange("GET /api/long HTTP/1.1\r\nHost: x\r\nX-Long: " + "a".repeat(8_000) + "\r\n\r\n");
    requireProblem(header, 431, "HEADERS_TOO_LARGE");
    String line = exchange("GET /" + "a".repeat(4_000) + " HTTP/1.1\r\nHost: x\r\n\r\n");
    requireProblem(line, 414, "REQUEST_LINE_TOO_LONG");
    String many = "X: y\r\n".repeat(2_000);
    requireProblem(
        exchange("GET /api/long HTTP/1.1\r\nHost: x\r\n" + many + "\r\n"),
        431,
        "HEADERS_TOO_LARGE");
  }

  @Test
  void aBodyBeyondTheBoundIsRefused() {
    HttpResponse<String> answer = server.send("POST", "/api/echo", "x".repeat(64 * 1024 + 1));
    assertEquals(413, answer.statusCode());
    assertTrue(answer.body().contains("\"BODY_TOO_LARGE\""), answer.body());
    assertEquals(200, server.send("POST", "/api/echo", "x".repeat(64 * 1024)).statusCode());
  }

  @Test
  void aCompressedBodyIsRefusedOnControlRoutes() {
    HttpResponse<String> answer = server.send("POST", "/api/echo", "x", "Content-Encoding", "gzip");
    assertEquals(415, answer.statusCode());
    assertTrue(answer.body().contains("CONTENT_ENCODING_UNSUPPORTED"), answer.body());
  }

  @Test
  void everyAnswerCarriesTheSecurityHeaders() {
    for (String path : List.of("/api/long", "/api/nothing", "/api/bug")) {
      HttpResponse<String> answer = server.send("GET", path, null);
      assertEquals(
          "nosniff", answer.headers().firstValue("X-Content-Type-Options").orElseThrow());
      assertEquals(
          "default-src 'none'; frame-ancestors 'none'",
          answer.headers().firstValue("Content-Security-Policy").orElseThrow());
      assertEquals("no-referrer", answer.headers().firstValue("Referrer-Policy").orElseThrow());
      assertFalse(answer.headers().firstValue("Strict-Transport-Security").isPresent());
    }
  }

  @Test
  void aSaneRequestIdIsEchoedAndAnyOtherReplaced() {
    HttpResponse<String> sane =
        server.send("GET", "/api/long", null, "X-Request-ID", "order-17:a/b");
    assertEquals("order-17:a/b", sane.headers().firstValue("X-Request-ID").orElseThrow());
    HttpResponse<String> odd =
        server.send("GET", "/api/long", null, "X-Request-ID", "<script>" + "x".repeat(100));
    String replaced = odd.headers().firstValue("X-Request-ID").orElseThrow();
    assertTrue(replaced.matches("[0-9a-f]{16}-[0-9a-f]+"), replaced);
    assertNotEquals(
        replaced,
        server
            .send("GET", "/api/long", null)
            .headers()
            .firstValue("X-Request-ID")
            .orElseThrow());
  }

  @Test
  void unknownPathsMethodsAndBugsAreProblems() {
    HttpResponse<String> missing = server.send("GET", "/api/nothing", null);
    assertEquals(404, missing.statusCode());
    assertTrue(missing.body().contains("\"ROUTE_NOT_FOUND\""), missing.body());
    assertEquals(
        "application/problem+json", missing.headers().firstValue("Content-Type").orElseThrow());
    HttpResponse<String> method = server.send("PUT", "/api/echo", "x");
    assertEquals(405, method.statusCode());
    assertTrue(method.body().contains("\"METHOD_NOT_ALLOWED\""), method.body());
    assertEquals("POST", method.headers().firstValue("Allow").orElse(""));
    HttpResponse<String> streamed = server.send("DELETE", "/api/stream/", null);
    assertEquals(405, streamed.statusCode());
    assertEquals("POST", streamed.headers().firstValue("Allow").orElse(""));
    HttpResponse<String> several = server.send("PUT", "/api/things/7", "{}");
    assertEquals(405, several.statusCode());
    assertEquals("DELETE, GET", several.headers().firstValue("Allow").orElse(""));
    assertTrue(several.body().contains("it offers DELETE, GET."), several.body());
    assertEquals(404, server.send("PUT", "/api/things/7/8", "{}").statusCode());
    assertEquals(404, server.send("DELETE", "/api/things/8", null).statusCode());
    HttpResponse<String> bug = server.send("GET", "/api/bug", null);
    assertEquals(500, bug.statusCode());
    assertFalse(bug.body().contains("secret detail"), bug.body());
  }

  @Test
  void aRouteThatDoesNotAnswerIsGivenUp() {
    HttpResponse<String> answer = server.send("GET", "/api/never", null);
    assertEquals(503, answer.statusCode());
    assertTrue(answer.body().contains("REQUEST_TIMEOUT"), answer.body());
  }

  @Test
  void longAnswersAreCompressedWhenTheClientCan() {
    HttpResponse<String> packed = server.send("GET", "/api/long", null, "Accept-Encoding", "gzip");
    assertEquals("gzip", packed.headers().firstValue("Content-Encoding").orElse("none"));
    assertEquals(
        "none",
        server
            .send("GET", "/api/long", null)
            .headers()
            .firstValue("Content-Encoding")
            .orElse("none"));
  }

  @Test
  void aStopLetsARunningRequestFinishAndTakesNoNewOne() throws Exception {
    TestServer stopping = newServer();
    CompletableFuture<HttpResponse<String>> running =
        CompletableFuture.supplyAsync(() -> stopping.send("GET", "/api/slow", null));
    assertTrue(slowBegan.await(10, TimeUnit.SECONDS));
    CompletableFuture<Void> stopped = CompletableFuture.runAsync(stopping::close);
    awaitRefusal(stopping.port());
    assertFalse(running.isDone());
    slowMayEnd.complete();
    assertEquals(200, running.get(10, TimeUnit.SECONDS).statusCode());
    stopped.get(15, TimeUnit.SECONDS);
  }

  private static void awaitRefusal(int port) {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (System.nanoTime() < until) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        socket.setSoTimeout(50);
        if (socket.getInputStream().read() < 0) {
          return;
        }
      } catch (java.net.SocketTimeoutException e) {
        // taken: the server has not stopped accepting yet
      } catch (IOException e) {
        return;
      }
    }
    throw new AssertionError("still accepting");
  }
}
