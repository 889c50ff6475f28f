package dev.weir.gateway;

import dev.weir.api.metering.CustomerSubjects;
import dev.weir.api.metering.EventListRoutes;
import dev.weir.api.metering.EventStreamRoutes;
import dev.weir.gateway.config.WeirConfig;
import dev.weir.gateway.health.ComponentHealth;
import dev.weir.gateway.health.HealthCheck;
import dev.weir.metering.MeteringEngine;
import dev.weir.metering.explorer.EventExplorer;
import dev.weir.metering.explorer.ExplorerOptions;
import dev.weir.rating.catalog.Customer;
import dev.weir.rating.catalog.CustomerStore;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The event explorer as the gateway sees it: routes, gauges, health. */
final class EventExploring {

  private static final int MISSING_SHOWN = 10;

  private final Vertx vertx;
  private final MeteringEngine metering;
  private final EventExplorer explorer;
  private final CustomerSubjects customers;

  EventExploring(Vertx vertx, MeteringEngine metering, CustomerStore customers) {
    this.vertx = vertx;
    this.metering = metering;
    this.explorer = metering.explorer();
    this.customers = (connection, tenantId, idOrKey) ->
        customers.find(connection, tenantId, idOrKey).map(Customer::subjectSet);
  }

  /** The explorer's bounds, as they are set. */
  static ExplorerOptions options(WeirConfig.Events config) {
    return new ExplorerOptions(
        config.indexRecordsMax(),
        config.searchThreads(),
        config.searchesMax(),
        Duration.ofSeconds(config.searchSeconds()),
        ExplorerOptions.DEFAULT.indexedWait(),
        config.streamsMax());
  }

  void measure(MeterRegistry metrics) {
    Gauge.builder("weir.events.index.lag", explorer, EventExplorer::lag)
        .description("Journaled records that are not indexed yet")
        .register(metrics);
    Gauge.builder("weir.events.index.missing", explorer, e -> e.missing().size())
        .description("Parts of the journal whose index is being built")
        .register(metrics);
    Gauge.builder("weir.events.index.runs", explorer, EventExplorer::runs)
        .description("Index runs on disk")
        .register(metrics);
    Gauge.builder("weir.events.index.bytes", explorer, EventExplorer::runBytes)
        .description("Bytes of all index runs")
        .baseUnit("bytes")
        .register(metrics);
    Gauge.builder("weir.events.streams", explorer, e -> e.feed().watchers())
        .description("Live streams of events")
        .register(metrics);
  }

  /** Routes whose answers have no end. */
  Consumer<Router> streamingRoutes() {
    return new EventStreamRoutes(vertx, metering, customers)::mount;
  }

  Consumer<Router> controlRoutes() {
    return new EventListRoutes(metering, customers)::mount;
  }

  /** Whose usage a customer pays for. */
  CustomerSubjects customers() {
    return customers;
  }

  HealthCheck check() {
    return new HealthCheck("eventIndex", false, () -> Future.succeededFuture(health()));
  }

  private ComponentHealth health() {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("indexed", explorer.indexedTo().toString());
    details.put("lagEvents", explorer.lag());
    List<String> missing = explorer.missing();
    if (!missing.isEmpty()) {
      details.put("missing", missing.subList(0, Math.min(MISSING_SHOWN, missing.size())));
    }
    return explorer
        .failure()
        .map(failure -> {
          details.put("failure", failure.toString());
          return ComponentHealth.degraded(details);
        })
        .orElseGet(() -> ComponentHealth.up(details));
  }

  /** Tells the readers of live streams that they end, so that no connection stays open for them. */
  void endStreams() {
    explorer.feed().close();
  }
}
