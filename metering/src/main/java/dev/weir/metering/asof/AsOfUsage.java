package dev.weir.metering.asof;

import dev.weir.metering.MeteringError;
import dev.weir.metering.Refusal;
import dev.weir.metering.aggregate.EventFold;
import dev.weir.metering.journal.JournaledEvent;
import dev.weir.metering.meter.ActiveMeter;
import dev.weir.metering.usage.FoldedUsage;
import dev.weir.metering.usage.UsageQuery;
import dev.weir.metering.usage.UsageRow;
import java.util.Collection;
import java.util.List;
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
    Folds folds = new Folds(query);
    LiveRecords live = new LiveRecords(records, active, asOf, RECORDS_MAX, AsOfUsage::tooLarge);
    for (String subject : subjects) {
      live.visit(subject, folds.readFrom(), folds.readTo(), folds::add);
    }
    return FoldedUsage.rows(query, folds.before.windows(), folds.within.windows());
  }

  /** What counts before the query's range, where that matters, and in it. */
  private static final class Folds {
    private final UsageQuery query;
    private final long fromNanos;
    private final long toNanos;
    private final EventFold before;
    private final EventFold within;

    Folds(UsageQuery query) {
      this.query = query;
      fromNanos = query.from() == null ? Long.MIN_VALUE : LiveRecords.nanos(query.from());
      toNanos = query.to() == null ? Long.MAX_VALUE : LiveRecords.nanos(query.to());
      before = new EventFold(query.meter());
      within = new EventFold(query.meter());
    }

    private boolean isLevel() {
      return query.meter().aggregation().isLevel();
    }

    long readFrom() {
      return isLevel() ? Long.MIN_VALUE : fromNanos;
    }

    long readTo() {
      boolean byDay = query.meter().options().weightingZone() != null;
      return byDay && toNanos != Long.MAX_VALUE ? toNanos + DAY_NANOS_MAX : toNanos;
    }

    void add(JournaledEvent event) {
      long time = query.meter().countsFromNanos(event.timeNanos());
      if (time < toNanos) {
        (time < fromNanos ? before : within).add(event);
      }
      if (before.rows() + within.rows() > ROWS_MAX) {
        throw tooLarge();
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
