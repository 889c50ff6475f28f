package dev.weir.metering.simulation;

import dev.weir.metering.event.EventTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;

/** What clients have to tell: few identities and few times, so that everything clashes. */
final class SimulatedEvents {

  static final List<UUID> TENANTS = List.of(new UUID(7, 1), new UUID(7, 2));

  private static final String[] VALUES = {
    "0",
    "1",
    "-1",
    "0.1",
    "0.20",
    "-0.3",
    "1e3",
    "1000",
    "\"2.50\"",
    "99999999999999999999.999999999999999999",
    "-99999999999999999999999999999999999999",
    "999999999999999999",
    "0.000000000000000001"
  };

  private static final String[] DOUBTFUL = {"", "{\"x\":1}", "\"many\""};

  private final SplittableRandom random;
  private final SimulatedClock clock;
  private final Map<Identity, SimulatedEvent> told = new HashMap<>();
  private final List<SimulatedEvent> order = new ArrayList<>();
  private int created;

  SimulatedEvents(SplittableRandom random, SimulatedClock clock) {
    this.random = random;
    this.clock = clock;
  }

  /** A new event, one that was told before, or one with a known identity and other content. */
  SimulatedEvent next(UUID tenant) {
    Identity identity =
        new Identity(tenant, "s" + random.nextInt(2), "e" + random.nextInt(8 + created / 2));
    SimulatedEvent known = told.get(identity);
    if (known == null) {
      created++;
      SimulatedEvent fresh = fresh(identity);
      told.put(identity, fresh);
      order.add(fresh);
      return fresh;
    }
    return random.nextInt(6) == 0 ? changed(known) : known;
  }

  private SimulatedEvent fresh(Identity identity) {
    return new SimulatedEvent(
        identity,
        random.nextInt(8) == 0 ? "tick" : "call",
        "u" + random.nextInt(3),
        time(),
        value(),
        random.nextInt(3) == 0 ? "" : "m" + random.nextInt(2));
  }

  private long time() {
    long minutes = switch (random.nextInt(8)) {
      case 0 -> -random.nextLong(60 * 24 * 40);
      case 1 -> random.nextLong(60 * 24 * 3);
      default -> -random.nextLong(4);
    };
    long halves = Math.floorDiv(clock.millis(), 30_000L) + 2 * minutes;
    return random.nextInt(6) == 0 ? -1 : halves * 30 * EventTime.NANOS_PER_SECOND;
  }

  private String value() {
    return Chance.any(random, random.nextInt(20) == 0 ? DOUBTFUL : VALUES);
  }

  /** One that was told before; null when there is none. */
  SimulatedEvent told() {
    return order.isEmpty() ? null : order.get(random.nextInt(order.size()));
  }

  SimulatedEvent changed(SimulatedEvent event) {
    return switch (random.nextInt(3)) {
      case 0 ->
        new SimulatedEvent(
            event.identity(), event.type(), event.subject(), time(), event.value(), event.model());
      case 1 ->
        new SimulatedEvent(
            event.identity(),
            event.type(),
            event.subject() + "x",
            event.timeNanos(),
            event.value(),
            event.model());
      default ->
        new SimulatedEvent(
            event.identity(),
            event.type(),
            event.subject(),
            event.timeNanos(),
            value(),
            event.model());
    };
  }
}
