package dev.weir.benchmarks.sink;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.atomic.LongAdder;

/** Reads bodies, counts their bytes and answers the same text always; a process of its own. */
public final class SinkServer extends VerticleBase {

  static final String READY = "sink ready ";

  private static final int BACKLOG = 1_024;
  private static final String HOST = "127.0.0.1";

  private final int port;
  private final Buffer answer;
  private final LongAdder requests;
  private final LongAdder bytes;

  private SinkServer(int port, Buffer answer, LongAdder requests, LongAdder bytes) {
    this.port = port;
    this.answer = answer;
    this.requests = requests;
    this.bytes = bytes;
  }

  @Override
  public Future<?> start() {
    // As Weir's, but for the limits.
    HttpServerOptions options = new HttpServerOptions()
        .setAcceptBacklog(BACKLOG)
        .setTcpNoDelay(true)
        .setTcpKeepAlive(true)
        .setHttp2ClearTextEnabled(true);
    return vertx.createHttpServer(options).requestHandler(this::take).listen(port, HOST);
  }

  private void take(HttpServerRequest request) {
    if (request.method().equals(HttpMethod.POST)) {
      request.handler(part -> bytes.add(part.length()));
      request.endHandler(end -> {
        requests.increment();
        send(request, answer);
      });
    } else if (request.path().equals("/received")) {
      send(
          request,
          Buffer.buffer("{\"requests\":%s,\"bytes\":%s}".formatted(requests.sum(), bytes.sum())));
    } else {
      request.response().setStatusCode(404).end();
    }
  }

  private static void send(HttpServerRequest request, Buffer body) {
    request.response().putHeader("Content-Type", "application/json").end(body);
  }

  /** What Weir answers when it has accepted all of so many events. */
  static String answer(int events) {
    return "{\"position\":\"0:100000000000\",\"accepted\":" + events
        + ",\"duplicates\":0,\"conflicts\":0,\"rejected\":0,\"verdicts\":[]}";
  }

  /** Serves until it is killed; the argument is how many events each request has. */
  public static void main(String... words) throws Exception {
    Vertx vertx = Vertx.vertx();
    int port = freePort();
    Buffer answer = Buffer.buffer(answer(Integer.parseInt(words[0])));
    LongAdder requests = new LongAdder();
    LongAdder bytes = new LongAdder();
    int loops = Runtime.getRuntime().availableProcessors();
    vertx
        .deployVerticle(
            () -> new SinkServer(port, answer, requests, bytes),
            new DeploymentOptions().setInstances(loops))
        .toCompletionStage()
        .toCompletableFuture()
        .get();
    System.out.println(READY + "http://" + HOST + ":" + port);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
