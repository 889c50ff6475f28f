package dev.weir.metering.aggregate;

import dev.weir.metering.database.Database;
import dev.weir.metering.usage.Grain;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/**
 * The steps by which closed windows are rolled up, each a short transaction of its own, in any order and
 * at any time. Blocks on the database; confined to one thread.
 *
 * <p>An hour is closed two hours after it ended, by the clock and by the newest event: so an import of
 * old events is rolled up behind its head, not under it. What comes later still is added to all grains.
 */
final class RollupSteps {

  private static final long OPEN_HOURS = 2;
  private static final long TIMEOUT_SECONDS = 600;
  private static final int HOURS_MAX = 24;
  private static final Duration DROP_AGAIN = Duration.ofHours(1);

  private final Database database;
  private final InstantSource clock;
  private final MinuteRetention retention;
  private final WindowMonths months;
  private final RollupStore store = new RollupStore();

  /** Not before this are minutes looked at again that may not go yet. */
  private Instant dropAgainAt = Instant.MIN;

  RollupSteps(Database database, InstantSource clock, MinuteRetention retention) {
    this.database = database;
    this.clock = clock;
    this.retention = retention;
    this.months = new WindowMonths(database, clock);
  }

  /**
   * Readies the tables for a round: partitions for months that have windows and none, and for the next
   * one, so that its first flush need not make it; and indexes.
   */
  void prepare() {
    months.prepareNext();
    WindowMonths.Span near = months.near();
    for (long month : await(database.asEngine(
        connection -> store.monthsWithoutPartition(connection, near.from(), near.to())))) {
      await(database.asEngine(connection -> store.addMonth(connection, month)));
    }
    await(database.asEngine(store::summarize));
  }

  /**
   * Rolls up the next closed hours.
   *
   * @param hoursMax at most so many
   * @return whether there were any
   */
  boolean rollHours(int hoursMax) {
    long limit = await(database.asEngine(
        connection -> store.newestOpen(connection, Grain.HOUR).map(this::closableBefore)));
    List<Long> hours = await(database.asEngine(connection ->
        store.open(connection, Grain.HOUR, limit, Math.min(hoursMax, HOURS_MAX) + 1)));
    if (hours.isEmpty()) {
      return false;
    }
    boolean all = hours.size() <= Math.min(hoursMax, HOURS_MAX);
    long to = all ? limit : hours.get(hours.size() - 1);
    // First on its own: flushes of newer windows never wait for what follows.
    await(database.asEngine(connection -> store.close(connection, to)));
    await(database.asEngine(connection -> store
        .lock(connection)
        // An attempt before, given up for lost, may have gone farther meanwhile: never back.
        .compose(marks -> marks.hoursTo() >= to
            ? store.removeOpen(connection, Grain.HOUR, to)
            : rollHours(connection, marks, to))));
    return true;
  }

  private Future<Void> rollHours(SqlConnection connection, Watermarks marks, long to) {
    return store
        .open(connection, Grain.HOUR, to, Integer.MAX_VALUE)
        .compose(open -> store
            .roll(connection, Grain.HOUR, marks.hoursTo(), to)
            .compose(done -> store.addOpen(
                connection,
                Grain.DAY,
                open.stream().map(Grain.DAY::start).distinct().toList())))
        .compose(done -> store.removeOpen(connection, Grain.HOUR, to))
        .compose(done ->
            store.move(connection, new Watermarks(to, marks.daysTo(), marks.minutesFrom())));
  }

  private long closableBefore(long newestHour) {
    long now = Math.floorDiv(clock.instant().getEpochSecond(), 60);
    long newestEnd = newestHour + Grain.HOUR.minutes();
    return Grain.HOUR.start(Math.min(now, newestEnd)) - OPEN_HOURS * Grain.HOUR.minutes();
  }

  /** Rolls up the next day whose hours all are; gives whether there was one. */
  boolean rollDay() {
    return await(database.asEngine(connection -> store.lock(connection).compose(marks -> {
      long limit = Grain.DAY.start(marks.hoursTo());
      return store.open(connection, Grain.DAY, limit, 1).compose(open -> {
        if (open.isEmpty()) {
          return limit <= marks.daysTo()
              ? Future.succeededFuture(false)
              : moveDays(connection, marks, limit).map(false);
        }
        long day = open.get(0);
        long end = day + Grain.DAY.minutes();
        return store
            .roll(connection, Grain.DAY, day, end)
            .compose(done -> store.removeOpen(connection, Grain.DAY, end))
            .compose(done -> moveDays(connection, marks, end))
            .map(true);
      });
    })));
  }

  private Future<Void> moveDays(SqlConnection connection, Watermarks marks, long to) {
    return store.move(connection, new Watermarks(marks.hoursTo(), to, marks.minutesFrom()));
  }

  /**
   * Drops months of minutes that are no longer kept; gives whether there were any. Never what is not in
   * the days, nor what is still to be billed: a period may begin within an hour.
   */
  boolean dropMinutes() {
    Instant now = clock.instant();
    if (retention.months() == 0 || now.isBefore(dropAgainAt) || !isDue(watermarks())) {
      return false;
    }
    Instant neededFrom = await(retention.neededFrom().get());
    boolean dropped = await(database.asEngine(connection ->
        store.lock(connection).compose(marks -> drop(connection, marks, neededFrom))));
    if (!dropped) {
      dropAgainAt = now.plus(DROP_AGAIN);
    }
    return dropped;
  }

  private boolean isDue(Watermarks marks) {
    return droppableTo(marks, Instant.MAX) > marks.minutesFrom();
  }

  private Future<Boolean> drop(SqlConnection connection, Watermarks marks, Instant neededFrom) {
    long to = droppableTo(marks, neededFrom);
    return to <= marks.minutesFrom()
        ? Future.succeededFuture(false)
        : store
            .move(connection, new Watermarks(marks.hoursTo(), marks.daysTo(), to))
            .compose(done -> store.dropMinutes(connection, to))
            .map(true);
  }

  /** Whole months only, as partitions are. */
  private long droppableTo(Watermarks marks, Instant neededFrom) {
    Instant oldest = months.first(retention.months());
    Instant end = neededFrom.isBefore(oldest) ? neededFrom : oldest;
    long minute = end.isBefore(Instant.EPOCH) ? 0 : Math.floorDiv(end.getEpochSecond(), 60);
    return WindowMonths.monthStart(Math.min(minute, marks.daysTo()));
  }

  /** How far windows are rolled up. */
  Watermarks watermarks() {
    return await(database.asEngine(store::watermarks));
  }

  private static <T> T await(Future<T> future) {
    return Awaiting.get(future, TIMEOUT_SECONDS);
  }
}
