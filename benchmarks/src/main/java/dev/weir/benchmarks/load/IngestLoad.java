package dev.weir.benchmarks.load;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/** Sends events at a constant rate and measures acknowledgement and visibility. */
public final class IngestLoad {

  private static final long HIGHEST_MICROS = TimeUnit.MINUTES.toMicros(5);
  private static final int IN_FLIGHT_MAX = 20_000;
  private static final long IDLE_MILLIS = TimeUnit.SECONDS.toMillis(30);
  private static final String METER = "bench_tokens";

  private final LoadOptions options;
  private final Context context;
  private final HttpClient client;
  private final EventBodies bodies;
  private final Histogram acknowledgements = new ConcurrentHistogram(HIGHEST_MICROS, 3);
  private final Histogram visibilities = new ConcurrentHistogram(HIGHEST_MICROS, 3);
  private final Map<Integer, Long> statuses = new ConcurrentHashMap<>();
  private final AtomicInteger inFlight = new AtomicInteger();
  private final AtomicBoolean lookingForVisibility = new AtomicBoolean();
  private volatile boolean measuring;

  private IngestLoad(Vertx vertx, LoadOptions options) {
    this.options = options;
    this.context = vertx.getOrCreateContext();
    this.client = vertx.createHttpClient(
        new HttpClientOptions().setKeepAlive(true).setTcpNoDelay(true),
        new PoolOptions()
            .setHttp1MaxSize(options.connections() + 1)
            .setMaxWaitQueueSize(IN_FLIGHT_MAX));
    this.bodies = new EventBodies(
        Long.toHexString(Instant.now().toEpochMilli()), options.batchEvents(), options.subjects());
  }

  /** Runs a load against a server; blocks until it is over. */
  public static LoadReport run(LoadOptions options) throws InterruptedException {
    Vertx vertx = Vertx.vertx();
    try {
      IngestLoad load = new IngestLoad(vertx, options);
      load.createMeter();
      load.send(options.warmUpSeconds());
      load.measuring = true;
      long start = System.nanoTime();
      load.send(options.seconds());
      long measured = System.nanoTime() - start;
      load.measuring = false;
      return new LoadReport(
          options,
          load.bodies.eventBytes(),
          measured,
          load.acknowledgements,
          load.visibilities,
          load.statuses);
    } finally {
      vertx.close().await();
    }
  }

  private void createMeter() {
    JsonObject meter = new JsonObject()
        .put("slug", METER)
        .put("eventType", "bench.call")
        .put("aggregation", "SUM")
        .put("valueProperty", "$.tokens")
        .put("groupBy", new JsonObject().put("model", "$.model"));
    int status = request(HttpMethod.POST, "/api/v1/meters", "application/json", meter.toBuffer())
        .map(Answer::status)
        .await();
    if (status != 201 && status != 409) {
      throw new IllegalStateException("the meter cannot be created: status " + status);
    }
  }

  /** Sends what is due in a number of seconds, then waits for the answers. */
  private void send(int seconds) throws InterruptedException {
    long requests = (long) options.eventsPerSecond() * seconds / options.batchEvents();
    long intervalNanos = TimeUnit.SECONDS.toNanos(seconds) / Math.max(1, requests);
    long start = System.nanoTime();
    for (long i = 0; i < requests; i++) {
      long due = start + i * intervalNanos;
      for (long early = due - System.nanoTime(); early > 0; early = due - System.nanoTime()) {
        LockSupport.parkNanos(early);
      }
      if (inFlight.incrementAndGet() > IN_FLIGHT_MAX) {
        answered(due, 0, null);
      } else {
        request(
                HttpMethod.POST,
                "/api/v1/events",
                "application/x-ndjson",
                bodies.next(Instant.now()))
            .onSuccess(answer -> answered(due, answer.status(), answer.body()))
            .onFailure(failure -> answered(due, 0, null));
      }
    }
    while (inFlight.get() > 0) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
    }
  }

  private void answered(long due, int status, @org.jspecify.annotations.Nullable Buffer body) {
    inFlight.decrementAndGet();
    if (!measuring) {
      return;
    }
    statuses.merge(status, 1L, Long::sum);
    if (status == 200 && body != null) {
      acknowledgements.recordValue(micros(due));
      lookForVisibility(body);
    }
  }

  /** One query at a time waits for the position of an acknowledgement. */
  private void lookForVisibility(Buffer body) {
    if (!lookingForVisibility.compareAndSet(false, true)) {
      return;
    }
    long acknowledged = System.nanoTime();
    String position = body.toJsonObject().getString("position");
    request(
            HttpMethod.GET,
            "/api/v1/meters/" + METER + "/query?subject=customer-000000&after=" + position,
            "",
            Buffer.buffer())
        .onSuccess(answer -> visibilities.recordValue(micros(acknowledged)))
        .onComplete(done -> lookingForVisibility.set(false));
  }

  private static long micros(long sinceNanos) {
    return Math.min(HIGHEST_MICROS, TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - sinceNanos));
  }

  private record Answer(int status, Buffer body) {}

  /** Everything of a request happens on one event loop, whoever asks for it. */
  private Future<Answer> request(HttpMethod method, String path, String type, Buffer body) {
    Promise<Answer> answer = Promise.promise();
    context.runOnContext(loop -> exchange(method, path, type, body).onComplete(answer));
    return answer.future();
  }

  private Future<Answer> exchange(HttpMethod method, String path, String type, Buffer body) {
    return client
        .request(new RequestOptions()
            .setMethod(method)
            .setHost(options.server().getHost())
            .setPort(options.server().getPort())
            .setURI(path)
            .setIdleTimeout(IDLE_MILLIS)
            .putHeader("Authorization", "Bearer " + options.key())
            .putHeader("Content-Type", type))
        .compose(request -> request.send(body))
        .compose(
            response -> response.body().map(answer -> new Answer(response.statusCode(), answer)));
  }

  /** {@code IngestLoad --url U --key K [--rate N] [--batch N] [--seconds N] …}. */
  public static void main(String[] words) throws InterruptedException {
    System.out.println(run(LoadOptions.parse(words)));
  }
}
