package dev.weir.api.ingest;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.metering.Refusal;
import dev.weir.metering.database.TestDatabase;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class BodyCollectorTest {

  private static final int BYTES_MAX = 1_000;
  private static final int BUDGET = 1_500;

  private final BodyBudget budget = new BodyBudget(BUDGET);
  private final Promise<RoutingContext> arrived = Promise.promise();
  private final Promise<byte[]> collected = Promise.promise();
  private Vertx vertx;
  private HttpServer server;
  private HttpClient client;

  @BeforeEach
  void start() {
    vertx = Vertx.vertx();
    Router router = Router.router(vertx);
    router.post("/").handler(context -> {
      BodyCollector.collect(context, BYTES_MAX, budget).onComplete(collected).onComplete(done -> {
        if (!context.response().closed()) {
          context.response().end();
        }
      });
      arrived.complete(context);
    });
    server = TestDatabase.await(vertx
        .createHttpServer(new HttpServerOptions().setHttp2ClearTextEnabled(true))
        .requestHandler(router)
        .listen(0, "127.0.0.1"));
    client = vertx.createHttpClient(new HttpClientOptions()
        .setProtocolVersion(HttpVersion.HTTP_2)
        .setHttp2ClearTextUpgrade(false));
  }

  @AfterEach
  void stop() {
    TestDatabase.await(vertx.close());
  }

  private HttpClientRequest request() {
    return TestDatabase.await(
            client.request(HttpMethod.POST, server.actualPort(), "127.0.0.1", "/"))
        .setChunked(true);
  }

  private Throwable failure() throws Exception {
    try {
      collected.future().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
      throw new AssertionError("it did not fail");
    } catch (ExecutionException e) {
      return e.getCause();
    }
  }

  /** Completes when the collector has given back what it took, as that comes before anything later. */
  private boolean isWholeAgain() {
    boolean whole = budget.take(BUDGET);
    if (whole) {
      budget.giveBack(BUDGET);
    }
    return whole;
  }

  @Test
  void aBodyIsGivenWholeAndItsBytesGoBack() throws Exception {
    HttpClientRequest request = request();
    TestDatabase.await(request.write("ab").compose(done -> request.end("c")));
    assertArrayEquals(
        "abc".getBytes(StandardCharsets.US_ASCII), TestDatabase.await(collected.future()));
    assertTrue(isWholeAgain());
  }

  @Test
  void aBodyThatGrowsTooLargeIsRefused() throws Exception {
    HttpClientRequest request = request();
    Future<Void> sent = request.end(Buffer.buffer("x".repeat(BYTES_MAX + 1)));
    assertEquals(
        "BODY_TOO_LARGE", assertInstanceOf(Refusal.class, failure()).code().toString());
    assertTrue(isWholeAgain());
    TestDatabase.await(sent);
  }

  @Test
  void theBytesOfAStreamThatWeResetGoBack() throws Exception {
    TestDatabase.await(request().write("x".repeat(900)));
    RoutingContext context = TestDatabase.await(arrived.future());
    TestDatabase.await(context.response().reset(0xb));
    assertTrue(failure().getMessage().contains("reset"));
    assertTrue(isWholeAgain());
  }

  @Test
  void theBytesOfASenderThatGoesAwayGoBack() throws Exception {
    HttpClientRequest request = request();
    TestDatabase.await(request.write("x".repeat(900)));
    TestDatabase.await(arrived.future());
    TestDatabase.await(request.reset(0x8));
    failure();
    assertTrue(isWholeAgain());
  }
}
