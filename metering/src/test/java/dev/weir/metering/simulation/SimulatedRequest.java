package dev.weir.metering.simulation;

import java.util.List;
import java.util.UUID;

/** A request that its client repeats until it is answered for good. */
final class SimulatedRequest {

  private final int number;
  private final UUID tenant;
  private final List<SimulatedEvent> events;
  private final byte[] body;
  private boolean answered;

  SimulatedRequest(int number, UUID tenant, List<SimulatedEvent> events, byte[] body) {
    this.number = number;
    this.tenant = tenant;
    this.events = events;
    this.body = body;
  }

  int number() {
    return number;
  }

  UUID tenant() {
    return tenant;
  }

  List<SimulatedEvent> events() {
    return events;
  }

  byte[] body() {
    return body;
  }

  boolean isAnswered() {
    return answered;
  }

  void answer() {
    answered = true;
  }

  @Override
  public String toString() {
    return "request " + number;
  }
}
