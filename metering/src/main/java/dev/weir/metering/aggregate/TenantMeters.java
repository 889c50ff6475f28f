package dev.weir.metering.aggregate;

import dev.weir.metering.event.EventRules;
import dev.weir.metering.event.PathTree;
import dev.weir.metering.event.Rejection;
import dev.weir.metering.event.Scalars;
import dev.weir.metering.meter.ActiveMeter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The meters of one tenant by event type. Immutable; shared by event loops and the aggregator. */
final class TenantMeters implements EventRules {

  static final TenantMeters NONE = new TenantMeters(List.of());

  private final Map<String, TypeProgram> byType = new HashMap<>();

  TenantMeters(List<ActiveMeter> meters) {
    meters.stream()
        .collect(Collectors.groupingBy(active -> active.meter().eventType()))
        .forEach((type, ofType) -> byType.put(type, new TypeProgram(ofType)));
  }

  @Nullable
  TypeProgram program(String type) {
    return byType.get(type);
  }

  @Override
  public @Nullable PathTree paths(String type) {
    TypeProgram program = byType.get(type);
    return program == null ? null : program.paths();
  }

  @Override
  public @Nullable Rejection check(String type, Scalars scalars) {
    TypeProgram program = byType.get(type);
    if (program == null) {
      return null;
    }
    for (CompiledMeter meter : program.meters()) {
      Rejection fault = meter.isCurrent() ? meter.fault(scalars) : null;
      if (fault != null) {
        return fault;
      }
    }
    return null;
  }
}
