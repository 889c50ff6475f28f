package dev.weir.metering.aggregate;

import dev.weir.metering.event.EventRules;
import dev.weir.metering.meter.ActiveMeter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Every tenant's meters in memory, for checking events and for folding them. Reads are lock-free;
 * changes come from the aggregator's thread only, between two frames.
 */
public final class MeterCatalog {

  private volatile Map<UUID, TenantMeters> byTenant = Map.of();

  /** What this tenant's meters ask of its events. */
  public EventRules rules(UUID tenantId) {
    return meters(tenantId);
  }

  TenantMeters meters(UUID tenantId) {
    return byTenant.getOrDefault(tenantId, TenantMeters.NONE);
  }

  void replaceAll(List<ActiveMeter> meters) {
    Map<UUID, TenantMeters> next = new HashMap<>();
    meters.stream()
        .collect(Collectors.groupingBy(active -> active.meter().tenantId()))
        .forEach((tenantId, ofTenant) -> next.put(tenantId, new TenantMeters(ofTenant)));
    byTenant = next;
  }

  void replace(UUID tenantId, List<ActiveMeter> meters) {
    Map<UUID, TenantMeters> next = new HashMap<>(byTenant);
    next.put(tenantId, new TenantMeters(meters));
    byTenant = next;
  }
}
