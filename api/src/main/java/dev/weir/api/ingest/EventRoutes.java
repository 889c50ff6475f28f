package dev.weir.api.ingest;

import dev.weir.api.http.Caller;
import dev.weir.api.http.Permission;
import dev.weir.api.http.Problems;
import dev.weir.metering.MeteringEngine;
import dev.weir.metering.MeteringError;
import dev.weir.metering.Refusal;
import dev.weir.metering.event.EventBatch;
import dev.weir.metering.event.Rejection;
import dev.weir.metering.event.Verdict;
import dev.weir.metering.ingest.IngestAnswer;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.internal.ContextInternal;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * {@code POST /api/v1/events}: one event (its attributes in the body or in headers), an array, or lines;
 * gzip accepted. Answers when everything accepted is on stable storage. Reads its own body, so it must be mounted before any body handler.
 */
public final class EventRoutes {

  private final MeteringEngine engine;
  private final InstantSource clock;
  private final BodyBudget budget;
  private final Map<Verdict, Counter> counters = new EnumMap<>(Verdict.class);

  public EventRoutes(MeteringEngine engine, MeterRegistry metrics, InstantSource clock) {
    this.engine = engine;
    this.clock = clock;
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
  }

  private void ingest(RoutingContext context) {
    Caller caller = Caller.of(context, Permission.INGEST);
    HttpServerRequest request = context.request();
    EventForm form = EventForm.of(request.headers());
    boolean gzip = ContentEncoding.isGzip(request.headers());
    BodyCollector.collect(context, engine.limits().bodyBytesMax(), budget)
        .map(body -> gzip ? Gunzip.bounded(body, engine.limits().bodyBytesMax()) : body)
        .compose(body -> engine.take(ContextInternal.current(), caller.tenantId(), form.body(body)))
        .onSuccess(answer -> answer(context, answer))
        .onFailure(context::fail);
  }

  private void answer(RoutingContext context, IngestAnswer answer) {
    Map<Verdict, Integer> counts = answer.counts();
    counters.forEach((verdict, counter) -> counter.increment(counts.getOrDefault(verdict, 0)));
    if (counts.getOrDefault(Verdict.REJECTED, 0) == answer.batch().count()) {
      answerRejected(context.response(), answer, counts);
    } else if (Preference.isMinimal(context.request().headers())) {
      answerMinimal(context.response(), answer, counts);
    } else {
      boolean all = "all".equals(context.request().getParam("verdicts"));
      context
          .response()
          .putHeader("Content-Type", "application/json")
          .end(Buffer.buffer(VerdictJson.write(answer, counts, all, Map.of())));
    }
  }

  /** Nothing was taken: the verdicts, and a problem around them for clients that know nothing else. */
  private void answerRejected(
      HttpServerResponse response, IngestAnswer answer, Map<Verdict, Integer> counts) {
    List<EventBatch.IndexedRejection> rejections = answer.batch().rejections();
    Rejection first = rejections.get(0).rejection();
    Refusal refusal = rejections.size() == 1
        ? new Refusal(first.code(), first.field(), first.message())
        : new Refusal(
            MeteringError.EVENT_BATCH_REJECTED,
            "All %d events were rejected; see 'verdicts'. The first: %s"
                .formatted(rejections.size(), first.message()));
    Map<String, Object> problem = Problems.members(refusal, clock.instant());
    response
        .setStatusCode(400)
        .putHeader("Content-Type", Problems.MEDIA_TYPE)
        .end(Buffer.buffer(VerdictJson.write(answer, counts, true, problem)));
  }

  /** No body was asked for; what must not be lost with it stands in headers. */
  private static void answerMinimal(
      HttpServerResponse response, IngestAnswer answer, Map<Verdict, Integer> counts) {
    String verdicts = Arrays.stream(Verdict.values())
        .map(verdict -> verdict.wire() + "=" + counts.getOrDefault(verdict, 0))
        .collect(Collectors.joining(", "));
    response
        .setStatusCode(204)
        .putHeader("Preference-Applied", "return=minimal")
        .putHeader("Weir-Position", answer.position().toString())
        .putHeader("Weir-Verdicts", verdicts)
        .end();
  }
}
