package dev.weir.metering.asof;

import dev.weir.metering.MeteringError;
import dev.weir.metering.Refusal;
import dev.weir.metering.aggregate.EventFold;
import dev.weir.metering.event.EventTime;
import dev.weir.metering.journal.JournaledEvent;
import dev.weir.metering.meter.ActiveMeter;
import dev.weir.metering.meter.Aggregation;
import dev.weir.metering.meter.Meter;
import dev.weir.metering.usage.FoldedUsage;
import dev.weir.metering.usage.UsageQuery;
import dev.weir.metering.usage.UsageRow;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Answers a usage query as it would have been answered at a moment in the past. Blocks; for worker
 * threads. Cost: every event in the question's range is read back from the journal, twice.
 */
public final class AsOfUsage {

  /** Most records that one question may read. */
  public static final long RECORDS_MAX = 5_000_000;

  private static final int ROWS_MAX = 1_000_000;

  /** An event may count from the start of its day, which has up to 25 hours and any offset. */
  private static final long DAY_NANOS_MAX = TimeUnit.HOURS.toNanos(26);

  private final SubjectRecords records;

  public AsOfUsage(SubjectRecords records) {
    this.records = records;
  }

  /**
   * Rows in order of window, subject, groups. Refuses with USAGE_AS_OF_TOO_LARGE.
   *
   * @param active the query's meter and the stretch of the journal that counts for it
   * @param subjects all that may have usage and are asked for
   */
  public List<UsageRow> rows(
      UsageQuery query, ActiveMeter active, Collection<String> subjects, AsOf asOf) {
    Reading reading = new Reading(query.meter(), active, asOf, range(query));
    for (String subject : subjects) {
      reading.read(subject);
    }
    return FoldedUsage.rows(query, reading.fold.windows());
  }

  private record Range(long fromNanos, long toNanos) {}

  private static Range range(UsageQuery query) {
    boolean level = query.meter().aggregation() == Aggregation.WEIGHTED_SUM;
    long from = query.from() == null || level ? Long.MIN_VALUE : nanos(query.from());
    long to = query.to() == null ? Long.MAX_VALUE : nanos(query.to());
    boolean byDay = query.meter().options().weightingZone() != null && to != Long.MAX_VALUE;
    return new Range(from, byDay ? to + DAY_NANOS_MAX : to);
  }

  /** Event times end in 2199; ranges may reach further than nanoseconds can say. */
  private static long nanos(Instant time) {
    Instant latest = Instant.ofEpochSecond(Long.MAX_VALUE / EventTime.NANOS_PER_SECOND - 200_000);
    return EventTime.nanos(time.isAfter(latest) ? latest : time);
  }

  /** One question's way through the journal. */
  private final class Reading {
    private final Meter meter;
    private final ActiveMeter active;
    private final AsOf asOf;
    private final Range range;
    private final EventFold fold;
    private final Set<String> voided = new HashSet<>();
    private long read;

    Reading(Meter meter, ActiveMeter active, AsOf asOf, Range range) {
      this.meter = meter;
      this.active = active;
      this.asOf = asOf;
      this.range = range;
      this.fold = new EventFold(meter);
    }

    void read(String subject) {
      voided.clear();
      // A void has the subject and the time of what it takes back.
      visit(subject, this::noteVoid);
      visit(subject, this::add);
    }

    private void visit(String subject, java.util.function.Consumer<JournaledEvent> consumer) {
      records.visit(meter.tenantId(), subject, range.fromNanos(), range.toNanos(), record -> {
        if (++read > 2 * RECORDS_MAX) {
          throw tooLarge();
        }
        if (asOf.knows(record) && record.type().equals(meter.eventType())) {
          consumer.accept(record);
        }
      });
    }

    private void noteVoid(JournaledEvent record) {
      String place = record.isVoid() ? AsOf.voids(record) : null;
      if (place != null) {
        voided.add(place);
      }
    }

    private void add(JournaledEvent record) {
      boolean counts = !record.isVoid()
          && !record.isConflict()
          && active.counts(record.lane(), record.sequence())
          && !voided.contains(record.position());
      if (counts) {
        fold.add(record);
        if (fold.rows() > ROWS_MAX) {
          throw tooLarge();
        }
      }
    }
  }

  private static Refusal tooLarge() {
    return new Refusal(
        MeteringError.USAGE_AS_OF_TOO_LARGE,
        "Usage as of an earlier moment is folded anew from the journal, and this is more than %d events"
                .formatted(RECORDS_MAX)
            + " or %d windows; ask for fewer subjects or a shorter range.".formatted(ROWS_MAX));
  }
}
