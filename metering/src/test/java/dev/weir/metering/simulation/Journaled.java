package dev.weir.metering.simulation;

import dev.weir.metering.dedup.IdentityHash;
import dev.weir.metering.dedup.IdentityKey;
import dev.weir.metering.journal.Frame;
import dev.weir.metering.journal.VoidedRecord;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/**
 * A record of the journal, as the oracle understands it.
 *
 * @param kind what it does to usage
 * @param timeNanos the time it counts at
 * @param high the identity's hash, with low
 * @param voids the record that this takes back; null for other kinds
 */
record Journaled(
    int lane,
    long sequence,
    SimulatedEvent event,
    long timeNanos,
    long receivedNanos,
    Kind kind,
    long high,
    long low,
    long payloadHash,
    VoidedRecord voids) {

  enum Kind {
    /** An event that counts. */
    FIRST,
    /** Counts in the place of another. */
    REPLACEMENT,
    /** Takes another back. */
    VOID,
    /** Counts for nothing. */
    CONFLICT
  }

  boolean isConflict() {
    return kind == Kind.CONFLICT;
  }

  /** Whether it adds an event to usage. */
  boolean adds() {
    return kind == Kind.FIRST || kind == Kind.REPLACEMENT;
  }

  String position() {
    return lane + ":" + sequence;
  }

  @Override
  public String toString() {
    return position() + " " + event + (kind == Kind.FIRST ? "" : " " + kind);
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
      Kind kind = kind(view);
      boolean asReceived = event.hasTime() || kind == Kind.VOID || kind == Kind.REPLACEMENT;
      Violation.check(
          asReceived || view.timeNanos() == view.receivedNanos(),
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
          kind,
          hash.high(),
          hash.low(),
          view.payloadHash(),
          kind == Kind.VOID ? VoidedRecord.of(view) : null);
    }

    private static Kind kind(Frame.RecordView view) {
      if (view.isConflict()) {
        return Kind.CONFLICT;
      }
      if (view.isVoid()) {
        return Kind.VOID;
      }
      return view.isReplacement() ? Kind.REPLACEMENT : Kind.FIRST;
    }
  }
}
