package dev.weir.metering.explorer;

import dev.weir.metering.Invariant;
import dev.weir.metering.journal.Frame;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which events are wanted. Everything is compared exactly.
 *
 * @param subjects any of these; null for all
 * @param event range of the event time
 * @param received range of the received time
 * @param verdict what must hold of it; null for all
 */
public record EventFilter(
    UUID tenantId,
    @Nullable Set<String> subjects,
    @Nullable String type,
    @Nullable String source,
    @Nullable String id,
    @Nullable MeterFilter meter,
    Range event,
    Range received,
    @Nullable EventVerdict verdict) {

  /** Times from one, inclusive, to another, exclusive, in nanoseconds. */
  public record Range(long fromNanos, long toNanos) {

    public static final Range ALL = new Range(0, Long.MAX_VALUE);

    public Range {
      Invariant.check(
          fromNanos >= 0 && fromNanos <= toNanos, "a range does not end before its begin");
    }

    boolean holds(long nanos) {
      return nanos >= fromNanos && nanos < toNanos;
    }
  }

  public EventFilter {
    subjects = subjects == null ? null : Set.copyOf(subjects);
  }

  /** All events of a tenant. */
  public static EventFilter all(UUID tenantId) {
    return new EventFilter(tenantId, null, null, null, null, null, Range.ALL, Range.ALL, null);
  }

  /** Whether nothing can match, as different types are asked for. */
  boolean isContradictory() {
    return meter != null && type != null && !type.equals(meter.eventType());
  }

  /** The type that an event must have; null for any. */
  @Nullable
  String onlyType() {
    return meter == null ? type : meter.eventType();
  }

  /** Whether a record is wanted, apart from the verdict. */
  boolean matches(Frame.RecordView record) {
    String wantedType = onlyType();
    return record.tenantId().equals(tenantId)
        && event.holds(record.timeNanos())
        && received.holds(record.receivedNanos())
        && (subjects == null || subjects.contains(record.subject()))
        && (wantedType == null || wantedType.equals(record.type()))
        && (id == null || id.equals(record.id()))
        && (source == null || source.equals(record.source()))
        && (meter == null || meter.allows(record));
  }
}
