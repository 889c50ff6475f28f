package dev.weir.metering.simulation;

import dev.weir.metering.correction.Correction;
import java.util.List;
import java.util.UUID;

/** A request that its client repeats until it is answered for good. */
final class SimulatedRequest {

  private final int number;
  private final UUID tenant;
  private final List<SimulatedEvent> events;
  private final byte[] body;
  private final Correction correction;
  private boolean answered;

  private SimulatedRequest(
      int number, UUID tenant, List<SimulatedEvent> events, byte[] body, Correction correction) {
    this.number = number;
    this.tenant = tenant;
    this.events = events;
    this.body = body;
    this.correction = correction;
  }

  static SimulatedRequest ofEvents(
      int number, UUID tenant, List<SimulatedEvent> events, byte[] body) {
    return new SimulatedRequest(number, tenant, events, body, null);
  }

  /**
   * @param event with the identity that is corrected; for a replacement, what is to count
   */
  static SimulatedRequest ofCorrection(int number, SimulatedEvent event, Correction correction) {
    return new SimulatedRequest(
        number, event.identity().tenantId(), List.of(event), new byte[0], correction);
  }

  /** What is to be corrected; null when the request brings events. */
  Correction correction() {
    return correction;
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
    String kind = correction == null ? "" : correction.isVoid() ? " (void)" : " (replacement)";
    return "request " + number + kind;
  }
}
