package dev.weir.metering.rollup;

import dev.weir.metering.database.Awaiting;
import dev.weir.metering.database.Database;
import dev.weir.metering.event.EventTime;
import dev.weir.metering.usage.Grain;
import io.vertx.pgclient.PgException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives each month that minute windows fall in a partition of its own, before the first row is written.
 * Only months near today get one, so that senders cannot make tables at will; the others, and those whose
 * partition could not be made, lie in the default partition.
 *
 * <p>Blocks on the database; belongs to one thread. Cost: a look-up a window once a month is known.
 */
public final class WindowMonths {

  private static final Logger LOG = LoggerFactory.getLogger(WindowMonths.class);

  private static final String LOCK_NOT_AVAILABLE = "55P03";
  private static final String TOO_MUCH_TO_MOVE = "54000";

  private static final long PAST_MONTHS = 60;
  private static final long FUTURE_MONTHS = 12;

  private final Database database;
  private final InstantSource clock;
  private final RollupStore store = new RollupStore();
  private final MonthStore tables = new MonthStore();

  /** Days that lie in a month which was prepared: look-ups of days need no calendar. */
  private final Set<Long> preparedDays = new HashSet<>();

  private final Set<LocalDate> preparedMonths = new HashSet<>();

  public WindowMonths(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  /**
   * Makes the partitions that windows need which start at these minutes, counted from 1970; throws when the
   * database is away.
   */
  public void prepare(Collection<Long> minutes) {
    for (Long minute : minutes) {
      Long day = Math.floorDiv(minute, (long) Grain.DAY.minutes());
      if (!preparedDays.contains(day)) {
        prepare(month(minute));
        preparedDays.add(day);
      }
    }
  }

  /** The first minute that is kept, counted from 1970. */
  public long minutesFrom() {
    return Awaiting.get(database.asEngine(store::watermarks), Awaiting.TIMEOUT_SECONDS)
        .minutesFrom();
  }

  /**
   * Makes the partitions of this month and the next, and of those whose rows lie in the default; throws when
   * the database is away. Where tables are in use the rest waits for the next call, as everybody waits for
   * each try.
   */
  void makeDue() {
    Span near = near();
    List<LocalDate> due = new ArrayList<>(List.of(now(), now().plusMonths(1)));
    Awaiting.get(
            database.asEngine(
                connection -> tables.monthsWithoutPartition(connection, near.from(), near.to())),
            Awaiting.TIMEOUT_SECONDS)
        .forEach(start -> due.add(month(start)));
    for (LocalDate month : due) {
      if (!preparedMonths.contains(month)) {
        if (!make(month)) {
          return;
        }
        preparedMonths.add(month);
      }
    }
  }

  /** Minutes since 1970, half-open. */
  record Span(long from, long to) {}

  /** The months that may have a partition. */
  Span near() {
    return new Span(
        start(now().minusMonths(PAST_MONTHS)), start(now().plusMonths(FUTURE_MONTHS + 1)));
  }

  /** Whether the month may have a partition. */
  boolean isNear(LocalDate month) {
    Span near = near();
    return start(month) >= near.from() && start(month) < near.to();
  }

  /** The start of the month so many before the present one. */
  Instant first(int monthsBefore) {
    return now().minusMonths(monthsBefore).atStartOfDay(ZoneOffset.UTC).toInstant();
  }

  private LocalDate now() {
    return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC).withDayOfMonth(1);
  }

  private static long start(LocalDate month) {
    return month.toEpochDay() * Grain.DAY.minutes();
  }

  /** The start of the month that holds a minute. */
  static long monthStart(long minute) {
    return start(month(minute));
  }

  /** The first day of the month that holds a minute, in UTC. */
  static LocalDate month(long minute) {
    Instant instant = EventTime.instant(minute * EventTime.NANOS_PER_MINUTE);
    return LocalDate.ofInstant(instant, ZoneOffset.UTC).withDayOfMonth(1);
  }

  /** Flushes try only once: each try may take seconds, and the rollups try again. */
  private void prepare(LocalDate month) {
    if (!preparedMonths.contains(month) && isNear(month)) {
      make(month);
      preparedMonths.add(month);
    }
  }

  /** Gives false when the tables are in use; the default takes the rows. */
  private boolean make(LocalDate month) {
    try {
      Awaiting.get(
          database.asEngine(connection -> tables.addMonth(connection, start(month))),
          Awaiting.TIMEOUT_SECONDS);
      return true;
    } catch (PgException e) {
      if (TOO_MUCH_TO_MOVE.equals(e.getSqlState())) {
        LOG.warn("{} stays in the default partition: {}", month, e.toString());
        return true;
      }
      if (LOCK_NOT_AVAILABLE.equals(e.getSqlState())) {
        LOG.warn("no partition for {} yet: {}", month, e.toString());
        return false;
      }
      throw e;
    }
  }
}
