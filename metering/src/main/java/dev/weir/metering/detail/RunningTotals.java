package dev.weir.metering.detail;

import dev.weir.metering.MeteringError;
import dev.weir.metering.Refusal;
import dev.weir.metering.database.Database;
import dev.weir.metering.journal.JournalPosition;
import dev.weir.metering.meter.ActiveMeter;
import dev.weir.metering.meter.Aggregation;
import dev.weir.metering.meter.Meter;
import dev.weir.metering.meter.MeterStore;
import dev.weir.metering.usage.UsageStore;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Usage from event to event: which event made a total pass a threshold. Thread-safe.
 *
 * <p>Cost of a page: a look into the event index for each subject and slice of time, some dozens of slices
 * for a range without end, and every record of the subjects in its stretch read back twice, also those of
 * other types. After a million looks at records a page ends, short, with a cursor. Memory is that of one
 * page of events and of the places of a slice's voids.
 */
public final class RunningTotals {

  private final Database database;
  private final JournalRecords records;
  private final Supplier<JournalPosition> visible;
  private final MeterStore meters = new MeterStore();

  /**
   * @param visible what is visible in other queries
   */
  public RunningTotals(
      Database database, JournalRecords records, Supplier<JournalPosition> visible) {
    this.database = database;
    this.records = records;
    this.visible = visible;
  }

  /**
   * A page of the running totals of the tenant's meter with this id or key, which must be a SUM or a
   * COUNT. Refuses with USAGE_RUNNING_TOTAL_UNSUPPORTED, USAGE_CURSOR_INVALID, USAGE_EVENTS_TOO_MANY,
   * USAGE_EVENTS_OVERLOADED, USAGE_JOURNAL_INCOMPLETE, or as usage queries do.
   */
  public Future<RunningTotalPage> page(
      UUID tenantId, String idOrKey, Function<Meter, RunningTotalQuery> ask) {
    return records.admit(() -> database
        .inTenant(tenantId, connection -> meters.findActive(connection, tenantId, idOrKey))
        .compose(active -> {
          RunningTotalQuery query = ask.apply(active.meter());
          JournalPosition position = checked(query, visible.get());
          return records.onWorker(() -> page(active, query, position));
        }));
  }

  /** Gives the position up to which events count. */
  private static JournalPosition checked(RunningTotalQuery query, JournalPosition now) {
    UsageStore.check(query.events());
    Aggregation aggregation = query.events().meter().aggregation();
    if (aggregation != Aggregation.SUM && aggregation != Aggregation.COUNT) {
      throw new Refusal(
          MeteringError.USAGE_RUNNING_TOTAL_UNSUPPORTED,
          "Only sums and counts have running totals, and the meter '%s' is of %s; ask for a meter of SUM"
                  .formatted(
                      query.events().meter().key(), aggregation.name().toLowerCase(Locale.ROOT))
              + " or COUNT.");
    }
    RunningTotalCursor cursor = query.cursor();
    if (cursor == null) {
      return now;
    }
    if (!cursor.question().equals(query.fingerprint()) || !now.reaches(cursor.position())) {
      throw RunningTotalCursor.invalid();
    }
    return cursor.position();
  }

  private RunningTotalPage page(
      ActiveMeter active, RunningTotalQuery query, JournalPosition position) {
    Instant asked = query.events().from();
    Instant from = asked == null ? Instant.EPOCH : asked;
    records.requireSince(from);
    RunningTotalPage page = new RunningFold(records, active, query, position).page();
    // Files may have gone while they were read.
    records.requireSince(from);
    return page;
  }
}
