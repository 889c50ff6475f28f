package dev.weir.metering.detail;

import dev.weir.metering.MeteringError;
import dev.weir.metering.Refusal;
import dev.weir.metering.aggregate.EventFold;
import dev.weir.metering.asof.LiveRecords;
import dev.weir.metering.database.Database;
import dev.weir.metering.meter.ActiveMeter;
import dev.weir.metering.meter.Meter;
import dev.weir.metering.meter.MeterStore;
import dev.weir.metering.usage.PartialUsage;
import dev.weir.metering.usage.UsageQuery;
import dev.weir.metering.usage.UsageRow;
import dev.weir.metering.usage.UsageStore;
import dev.weir.metering.usage.UsageWindow;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Answers any usage query about the present: from windows alone where the range lies on whole minutes, else
 * from windows and the events at its ends, both as they were at one position of the journal. Thread-safe.
 *
 * <p>Cost of a range that does not lie on minutes: that of one that does, and a look into the event index
 * for each subject with usage in the minute at an end, and reading the events there that windows have too
 * much or too little of.
 */
public final class UsageQueries {

  /** Most records that one question may read. */
  static final long RECORDS_MAX = 5_000_000;

  private static final int WINDOWS_MAX = 200_000;

  /** An event may count from the start of its day, which has up to 25 hours and any offset. */
  private static final long DAY_NANOS_MAX = TimeUnit.HOURS.toNanos(26);

  private final Database database;
  private final JournalRecords records;
  private final InstantSource clock;
  private final MeterStore meters = new MeterStore();
  private final UsageStore usage = new UsageStore();

  public UsageQueries(Database database, JournalRecords records, InstantSource clock) {
    this.database = database;
    this.records = records;
    this.clock = clock;
  }

  /** The question, now that its meter is known, and the rows. */
  public record Answer(UsageQuery query, List<UsageRow> rows) {}

  private record Question(ActiveMeter active, UsageQuery query, PartialUsage partial) {}

  /**
   * Answers a question about the tenant's meter with this id or key: rows in order of window, subject,
   * groups.
   */
  public Future<Answer> query(UUID tenantId, String idOrKey, Function<Meter, UsageQuery> ask) {
    return database
        .inTenant(
            tenantId,
            connection -> meters
                .find(connection, tenantId, idOrKey)
                .compose(meter -> onMinutes(connection, ask.apply(meter))))
        .compose(answer -> answer == null
            ? records.admit(() -> withinMinutes(tenantId, idOrKey, ask))
            : Future.succeededFuture(answer));
  }

  private Future<@Nullable Answer> onMinutes(SqlConnection connection, UsageQuery query) {
    return query.isOnMinutes()
        ? usage.query(connection, query).map(rows -> new Answer(query, rows))
        : Future.succeededFuture();
  }

  /** The answer as it is put together from windows and events, wherever the range lies. */
  Future<Answer> withinMinutes(UUID tenantId, String idOrKey, Function<Meter, UsageQuery> ask) {
    return database
        .inSnapshot(
            tenantId,
            "usage_windows",
            connection -> meters.findActive(connection, tenantId, idOrKey).compose(active -> {
              UsageQuery query = ask.apply(active.meter());
              return usage
                  .partial(connection, query, clock.instant())
                  .map(partial -> new Question(active, query, partial));
            }))
        .compose(question -> question.partial().subjects().isEmpty()
            ? Future.succeededFuture(answer(question, Map.of()))
            : records.onWorker(() -> answer(question, events(question))));
  }

  private static Answer answer(
      Question question, Map<PartialUsage.Stretch, List<UsageWindow>> events) {
    return new Answer(question.query(), question.partial().rows(events));
  }

  private Map<PartialUsage.Stretch, List<UsageWindow>> events(Question question) {
    Map<PartialUsage.Stretch, List<UsageWindow>> events = new HashMap<>();
    LiveRecords live = records.live(
        question.active(), question.partial().position(), RECORDS_MAX, UsageQueries::tooMany);
    for (PartialUsage.Stretch stretch : question.partial().missing()) {
      records.requireSince(stretch.from());
      events.put(stretch, fold(question, live, stretch));
      // Files may have gone while they were read.
      records.requireSince(stretch.from());
    }
    return events;
  }

  private static List<UsageWindow> fold(
      Question question, LiveRecords live, PartialUsage.Stretch stretch) {
    Meter meter = question.query().meter();
    long from = LiveRecords.nanos(stretch.from());
    long to = LiveRecords.nanos(stretch.to());
    long readTo = meter.options().weightingZone() == null ? to : to + DAY_NANOS_MAX;
    EventFold fold = new EventFold(meter);
    for (String subject : question.partial().subjects()) {
      live.visit(subject, from, readTo, event -> {
        long time = meter.countsFromNanos(event.timeNanos());
        if (time >= from && time < to) {
          fold.add(event);
        }
        if (fold.rows() > WINDOWS_MAX) {
          throw tooMany();
        }
      });
    }
    return new ArrayList<>(fold.windows());
  }

  private static Refusal tooMany() {
    return new Refusal(
        MeteringError.USAGE_EVENTS_TOO_MANY,
        "from",
        "'from' or 'to' lies within a minute in which more than %d events, or %d different values of one,"
                .formatted(RECORDS_MAX, WINDOWS_MAX)
            + " would have to be read one by one; ask for whole minutes, or fewer subjects.");
  }
}
