package dev.weir.metering.simulation;

import dev.weir.metering.meter.Aggregation;
import dev.weir.metering.meter.Meter;
import dev.weir.metering.meter.MeterDefinition;
import dev.weir.metering.meter.MeterOptions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;

/** Meters that come and go. */
final class SimulatedMeters {

  private static final int METERS_MAX = 14;

  private final SplittableRandom random;
  private final List<Meter> live = new ArrayList<>();
  private int created;

  SimulatedMeters(SplittableRandom random) {
    this.random = random;
  }

  /** A meter to add; null when there are enough. */
  Meter add() {
    if (live.size() >= METERS_MAX) {
      return null;
    }
    Aggregation[] all = Aggregation.values();
    // Each of them in turn, so that every run has them all.
    Aggregation aggregation = all[created % all.length];
    Meter meter = new MeterDefinition(
            aggregation.name().toLowerCase(Locale.ROOT) + "-" + created,
            null,
            random.nextInt(8) == 0 ? "tick" : "call",
            aggregation,
            aggregation.takesValue() ? "$.n" : null,
            random.nextBoolean() ? Map.of("model", "$.m") : Map.of(),
            random.nextInt(4) == 0 ? Map.of("$.m", List.of("m0", "")) : Map.of(),
            aggregation == Aggregation.PERCENTILE
                ? MeterOptions.percentile("90")
                : MeterOptions.NONE)
        .toMeter(
            new UUID(9, ++created),
            SimulatedEvents.TENANTS.get(random.nextInt(SimulatedEvents.TENANTS.size())),
            Instant.EPOCH);
    live.add(meter);
    return meter;
  }

  /** A meter to remove; null when there are few. */
  Meter remove() {
    return live.size() < 9 ? null : live.remove(random.nextInt(live.size()));
  }
}
