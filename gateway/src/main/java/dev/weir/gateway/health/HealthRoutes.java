package dev.weir.gateway.health;

import dev.weir.api.http.Answers;
import dev.weir.gateway.health.ComponentHealth.Status;
import dev.weir.gateway.health.Health.Phase;
import dev.weir.gateway.health.Health.Report;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/** {@code /health}, {@code /health/live|ready|startup} and {@code /metrics}; without credentials. */
public final class HealthRoutes {

  private static final String PROMETHEUS_TEXT = "text/plain; version=0.0.4; charset=utf-8";

  private final Health health;
  private final PrometheusMeterRegistry meters;
  private final InstantSource clock;
  private final String version;

  public HealthRoutes(
      Health health, PrometheusMeterRegistry meters, InstantSource clock, String version) {
    this.health = health;
    this.meters = meters;
    this.clock = clock;
    this.version = version;
  }

  public void mount(Router router) {
    router.get("/health").handler(this::all);
    router.get("/health/live").handler(context -> answer(context, true));
    router
        .get("/health/startup")
        .handler(context -> answer(context, health.phase() != Phase.STARTING));
    router.get("/health/ready").handler(this::ready);
    router.get("/metrics").handler(this::metrics);
  }

  private void all(RoutingContext context) {
    Context loop = Vertx.currentContext();
    health
        .report()
        .onSuccess(report -> loop.runOnContext(back -> {
          Map<String, Object> body = new LinkedHashMap<>();
          body.put("status", report.status());
          body.put("phase", health.phase());
          body.put("version", version);
          body.put("uptimeSeconds", health.uptime().toSeconds());
          body.put("components", report.components());
          body.put("timestamp", clock.instant());
          Answers.write(context, report.status() == Status.DOWN ? 503 : 200, body);
        }));
  }

  private void ready(RoutingContext context) {
    if (health.phase() != Phase.RUNNING) {
      answer(context, false);
      return;
    }
    Context loop = Vertx.currentContext();
    health
        .report()
        .map(Report::ready)
        .onSuccess(ready -> loop.runOnContext(back -> answer(context, ready)));
  }

  private void answer(RoutingContext context, boolean good) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("status", good ? Status.UP : Status.DOWN);
    body.put("phase", health.phase());
    Answers.write(context, good ? 200 : 503, body);
  }

  /** On a worker: printing thousands of series takes milliseconds. */
  private void metrics(RoutingContext context) {
    context
        .vertx()
        .executeBlocking(() -> meters.scrape(PROMETHEUS_TEXT), false)
        .onSuccess(text ->
            context.response().putHeader("Content-Type", PROMETHEUS_TEXT).end(text))
        .onFailure(context::fail);
  }
}
