package dev.weir.api.metering;

import dev.weir.api.http.ApiError;
import dev.weir.api.http.Caller;
import dev.weir.api.http.Permission;
import dev.weir.metering.MeteringEngine;
import dev.weir.metering.Refusal;
import dev.weir.metering.event.Verdict;
import dev.weir.metering.ingest.IngestAnswer;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.ContextInternal;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/**
 * {@code POST /api/v1/events}: one event, an array, or lines; gzip accepted. Answers when everything
 * accepted is on stable storage. Reads its own body, so it must be mounted before any body handler.
 */
public final class EventRoutes {

  private final MeteringEngine engine;
  private final BodyBudget budget;
  private final Map<Verdict, Counter> counters = new EnumMap<>(Verdict.class);

  public EventRoutes(MeteringEngine engine, MeterRegistry metrics) {
    this.engine = engine;
    this.budget = new BodyBudget(
        Math.max(4L * engine.limits().bodyBytesMax(), Runtime.getRuntime().maxMemory() / 8));
    for (Verdict verdict : Verdict.values()) {
      counters.put(
          verdict,
          Counter.builder("weir.ingest.events")
              .description("Events received, by verdict")
              .tag("verdict", verdict.wire())
              .register(metrics));
    }
  }

  public void mount(Router router) {
    router.post("/api/v1/events").handler(this::ingest);
    // The router forgets that the path was known when handlers for every path come after it.
    router.route("/api/v1/events").handler(context -> context.fail(405));
  }

  /** How a body is written. */
  private enum Format {
    JSON,
    LINES
  }

  private void ingest(RoutingContext context) {
    Caller caller = Caller.of(context, Permission.INGEST);
    HttpServerRequest request = context.request();
    Format format = format(request);
    boolean gzip = isGzip(request);
    BodyCollector.collect(request, engine.limits().bodyBytesMax(), budget)
        .map(body -> gzip ? Gunzip.bounded(body, engine.limits().bodyBytesMax()) : body.getBytes())
        .compose(body ->
            engine.take(ContextInternal.current(), caller.tenantId(), body, format == Format.LINES))
        .onSuccess(answer -> answer(context, answer))
        .onFailure(context::fail);
  }

  private static Format format(HttpServerRequest request) {
    String header = request.getHeader("Content-Type");
    String type = header == null ? "" : header.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    return switch (type) {
      case "application/json",
          "application/cloudevents+json",
          "application/cloudevents-batch+json" -> Format.JSON;
      case "application/x-ndjson", "application/ndjson" -> Format.LINES;
      default ->
        throw new Refusal(
            ApiError.CONTENT_TYPE_UNSUPPORTED,
            "Content-Type",
            "Send events as application/cloudevents+json, application/cloudevents-batch+json,"
                + " application/json or application/x-ndjson.");
    };
  }

  private static boolean isGzip(HttpServerRequest request) {
    String encoding = request.getHeader("Content-Encoding");
    if (encoding == null || encoding.equalsIgnoreCase("identity")) {
      return false;
    }
    if (encoding.equalsIgnoreCase("gzip")) {
      return true;
    }
    throw new Refusal(
        ApiError.CONTENT_ENCODING_UNSUPPORTED,
        "Content-Encoding",
        "Only gzip, or no encoding at all, is understood.");
  }

  private void answer(RoutingContext context, IngestAnswer answer) {
    Map<Verdict, Integer> counts = answer.counts();
    counters.forEach((verdict, counter) -> counter.increment(counts.getOrDefault(verdict, 0)));
    boolean nothingTaken =
        counts.getOrDefault(Verdict.REJECTED, 0) == answer.batch().count();
    if (prefersMinimal(context.request()) && !nothingTaken) {
      context.response().setStatusCode(204).end();
      return;
    }
    boolean all = "all".equals(context.request().getParam("verdicts"));
    Buffer body = Buffer.buffer(VerdictJson.write(answer, counts, all));
    context
        .response()
        .setStatusCode(nothingTaken ? 400 : 200)
        .putHeader("Content-Type", "application/json")
        .end(body);
  }

  private static boolean prefersMinimal(HttpServerRequest request) {
    String prefer = request.getHeader("Prefer");
    return prefer != null && prefer.replace(" ", "").contains("return=minimal");
  }
}
