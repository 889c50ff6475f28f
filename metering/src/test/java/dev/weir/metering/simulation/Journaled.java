package dev.weir.metering.simulation;

import dev.weir.metering.dedup.IdentityHash;
import dev.weir.metering.dedup.IdentityKey;
import dev.weir.metering.journal.Frame;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/**
 * A record of the journal, as the oracle understands it.
 *
 * @param timeNanos the time it counts at
 * @param high the identity's hash, with low
 */
record Journaled(
    int lane,
    long sequence,
    SimulatedEvent event,
    long timeNanos,
    long receivedNanos,
    boolean isConflict,
    long high,
    long low,
    long payloadHash) {

  @Override
  public String toString() {
    return lane + ":" + sequence + " " + event + (isConflict ? " conflict" : "");
  }

  /** Everything that was ever sent, by what the journal would hold of it. */
  static final class Registry {

    private final Map<String, SimulatedEvent> sent = new HashMap<>();
    private final Map<UUID, IdentityKey> keys = new HashMap<>();
    private final IdentityHash hash = new IdentityHash();

    void sent(SimulatedEvent event, String data) {
      sent.put(event.journalText(data), event);
    }

    /** Which event a record is; a violation when nobody sent it. */
    Journaled read(int lane, Frame.RecordView view) {
      Identity identity = new Identity(view.tenantId(), view.source(), view.id());
      String text = SimulatedEvent.journalText(
          identity, view.type(), view.subject(), view.isTimeGiven(), view.timeNanos(), view.data());
      SimulatedEvent event = sent.get(text);
      Violation.check(
          event != null, "{}:{} holds what nobody sent: {}", lane, view.sequence(), text);
      Violation.check(
          event.hasTime() || view.timeNanos() == view.receivedNanos(),
          "{}:{} has another time than that of its receipt",
          lane,
          view.sequence());
      IdentityKey key = keys.computeIfAbsent(view.tenantId(), SimulatedNode.KEY::forTenant);
      hash.hash(key.key0(), key.key1(), view.bytes(), view.identityFrom(), view.identityLength());
      return new Journaled(
          lane,
          view.sequence(),
          event,
          view.timeNanos(),
          view.receivedNanos(),
          view.isConflict(),
          hash.high(),
          hash.low(),
          view.payloadHash());
    }
  }
}
