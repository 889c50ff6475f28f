package dev.weir.metering.asof;

import dev.weir.metering.event.EventTime;
import dev.weir.metering.journal.JournaledEvent;
import dev.weir.metering.journal.VoidedRecord;
import dev.weir.metering.meter.ActiveMeter;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Reads from the journal the events that count for a meter's type at a moment: those that were known, and
 * that no void took back that was known. What the meter filters is not looked at. For one question, on one
 * thread that may block. Cost: every record of the subject in the range is read back, twice.
 */
public final class LiveRecords {

  /** Event times end in 2199; ranges may reach further than nanoseconds can say. */
  private static final Instant LATEST =
      Instant.ofEpochSecond(Long.MAX_VALUE / EventTime.NANOS_PER_SECOND - 200_000);

  private final SubjectRecords records;
  private final ActiveMeter active;
  private final AsOf asOf;
  private final long readMax;
  private final Supplier<? extends RuntimeException> tooMany;
  private final Set<String> voided = new HashSet<>();
  private long read;

  /**
   * @param recordsMax how many records all visits together may show
   * @param tooMany what is thrown when there are more
   */
  public LiveRecords(
      SubjectRecords records,
      ActiveMeter active,
      AsOf asOf,
      long recordsMax,
      Supplier<? extends RuntimeException> tooMany) {
    this.records = records;
    this.active = active;
    this.asOf = asOf;
    this.readMax = 2 * recordsMax;
    this.tooMany = tooMany;
  }

  /** A time as nanoseconds, as far as events can have it. */
  public static long nanos(Instant time) {
    return EventTime.nanos(time.isAfter(LATEST) ? LATEST : time);
  }

  /**
   * Shows a subject's events with a time in a range, in any order.
   *
   * @param fromNanos inclusive
   * @param toNanos exclusive
   */
  public void visit(
      String subject, long fromNanos, long toNanos, Consumer<JournaledEvent> consumer) {
    voided.clear();
    // A void has the subject and the time of what it takes back.
    show(subject, fromNanos, toNanos, this::noteVoid);
    show(subject, fromNanos, toNanos, record -> {
      if (counts(record)) {
        consumer.accept(record);
      }
    });
  }

  /** How many records were shown so far, counting each look. */
  public long read() {
    return read;
  }

  private void show(
      String subject, long fromNanos, long toNanos, Consumer<JournaledEvent> consumer) {
    records.visit(
        active.meter().tenantId(), subject, fromNanos, toNanos, asOf.position(), record -> {
          if (++read > readMax) {
            throw tooMany.get();
          }
          if (asOf.knows(record) && record.type().equals(active.meter().eventType())) {
            consumer.accept(record);
          }
        });
  }

  private void noteVoid(JournaledEvent record) {
    VoidedRecord taken = record.isVoid() ? VoidedRecord.of(record.extensions()) : null;
    if (taken != null) {
      voided.add(taken.position());
    }
  }

  private boolean counts(JournaledEvent record) {
    return !record.isVoid()
        && !record.isConflict()
        && active.counts(record.lane(), record.sequence())
        && !voided.contains(record.position());
  }
}
