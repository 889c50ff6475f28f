package dev.weir.gateway.journal;

import dev.weir.gateway.health.ComponentHealth;
import dev.weir.metering.archive.JournalUpkeep;
import dev.weir.metering.archive.UpkeepStatus;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.ToLongFunction;

/** Figures and health of the journal's files, as upkeep last found them. */
public final class JournalMetrics {

  private JournalMetrics() {}

  public static void register(MeterRegistry metrics, JournalUpkeep upkeep) {
    gauge(
        metrics, upkeep, "cycles", "Files of the journal on the local disk", UpkeepStatus::cycles);
    gauge(metrics, upkeep, "sealed", "Files of the journal ever sealed", UpkeepStatus::sealed);
    gauge(metrics, upkeep, "archived", "Files of the journal archived", UpkeepStatus::archived);
    gauge(
        metrics,
        upkeep,
        "failing",
        "1 while sealing, archiving or deleting files of the journal fails",
        status -> status.error().isPresent() ? 1 : 0);
    Gauge.builder("weir.journal.size", upkeep, u -> u.status().bytes())
        .description("Files of the journal on the local disk")
        .baseUnit("bytes")
        .register(metrics);
    Gauge.builder("weir.journal.archived.size", upkeep, u -> u.status().archivedBytes())
        .description("Files of the journal archived")
        .baseUnit("bytes")
        .register(metrics);
  }

  private static void gauge(
      MeterRegistry metrics,
      JournalUpkeep upkeep,
      String name,
      String description,
      ToLongFunction<UpkeepStatus> value) {
    Gauge.builder("weir.journal." + name, upkeep, u -> value.applyAsLong(u.status()))
        .description(description)
        .register(metrics);
  }

  /** Degraded while something fails: Weir works on, but the local disk fills. */
  public static ComponentHealth health(UpkeepStatus status) {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("cycles", status.cycles());
    details.put("bytes", status.bytes());
    details.put("archived", status.archived());
    details.put("archivedBytes", status.archivedBytes());
    if (status.error().isEmpty()) {
      return ComponentHealth.up(details);
    }
    details.put("failure", status.error().get());
    return ComponentHealth.degraded(details);
  }
}
