package dev.weir.metering.simulation;

import dev.weir.metering.correction.Correction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.stream.Collectors;

/** Clients and the network between them and the server: requests wait here in any order. */
final class SimulatedClients {

  private static final int OPEN_MAX = 6;

  private final SplittableRandom random;
  private final SimulatedEvents events;
  private final Journaled.Registry registry;
  private final List<SimulatedRequest> open = new ArrayList<>();
  private final List<SimulatedRequest> network = new ArrayList<>();
  private int requests;

  SimulatedClients(SplittableRandom random, SimulatedEvents events, Journaled.Registry registry) {
    this.random = random;
    this.events = events;
    this.registry = registry;
  }

  /** Composes a request and sends it; null when enough wait for their answers. */
  SimulatedRequest send() {
    if (open.size() >= OPEN_MAX) {
      return null;
    }
    UUID tenant = SimulatedEvents.TENANTS.get(random.nextInt(SimulatedEvents.TENANTS.size()));
    List<SimulatedEvent> chosen = new ArrayList<>();
    for (int i = 1 + random.nextInt(5); i > 0; i--) {
      chosen.add(events.next(tenant));
    }
    SimulatedRequest request = SimulatedRequest.ofEvents(++requests, tenant, chosen, body(chosen));
    open.add(request);
    network.add(request);
    return request;
  }

  /** Asks for a void or a replacement; null when enough wait, or nothing was ever sent. */
  SimulatedRequest correct() {
    SimulatedEvent known = open.size() >= OPEN_MAX ? null : events.told();
    if (known == null) {
      return null;
    }
    boolean voids = random.nextBoolean();
    SimulatedEvent wanted = voids ? known : events.changed(known);
    Identity identity = known.identity();
    String replacement = null;
    if (!voids) {
      String data = wanted.data(random);
      registry.sent(wanted, data);
      replacement = wanted.json(data, random);
    }
    SimulatedRequest request = SimulatedRequest.ofCorrection(
        ++requests,
        wanted,
        new Correction(identity.id(), identity.source(), null, "a reason", replacement));
    open.add(request);
    network.add(request);
    return request;
  }

  private byte[] body(List<SimulatedEvent> chosen) {
    return chosen.stream()
        .map(event -> {
          String data = event.data(random);
          registry.sent(event, data);
          return event.json(data, random);
        })
        .collect(Collectors.joining(",", "[", "]"))
        .getBytes(StandardCharsets.UTF_8);
  }

  /** A client has waited long enough and sends again; null when none waits. */
  SimulatedRequest sendAgain() {
    open.removeIf(SimulatedRequest::isAnswered);
    if (open.isEmpty()) {
      return null;
    }
    SimulatedRequest request = open.get(random.nextInt(open.size()));
    network.add(request);
    return request;
  }

  /** Takes any request off the network; null when there is none. */
  SimulatedRequest deliver() {
    return network.isEmpty() ? null : network.remove(random.nextInt(network.size()));
  }

  /** Puts a request on the network once more. */
  void repeat(SimulatedRequest request) {
    network.add(request);
  }

  boolean isAnythingSent() {
    return !network.isEmpty();
  }

  /** Requests that have not been answered for good. */
  List<SimulatedRequest> open() {
    open.removeIf(SimulatedRequest::isAnswered);
    return List.copyOf(open);
  }
}
