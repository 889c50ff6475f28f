package dev.weir.metering.aggregate;

import dev.weir.metering.database.Database;
import dev.weir.metering.usage.Grain;
import io.vertx.core.Future;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.SqlConnection;
import java.time.InstantSource;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The steps by which closed windows are rolled up, each a short transaction of its own, in any order and
 * at any time. Blocks on the database; confined to one thread.
 *
 * <p>An hour is closed two hours after it ended, by the clock and by the newest event: so an import of
 * old events is rolled up behind its head, not under it. What comes later still is added to all grains.
 */
final class RollupSteps {

  private static final Logger LOG = LoggerFactory.getLogger(RollupSteps.class);

  private static final long OPEN_HOURS = 2;
  private static final long TIMEOUT_SECONDS = 600;
  private static final int HOURS_MAX = 24;

  private final Database database;
  private final InstantSource clock;
  private final WindowMonths months;
  private final MinuteExpiry expiry;
  private final RollupStore store = new RollupStore();

  RollupSteps(Database database, InstantSource clock, MinuteRetention retention) {
    this.database = database;
    this.clock = clock;
    this.months = new WindowMonths(database, clock);
    this.expiry = new MinuteExpiry(database, clock, retention, months);
  }

  /**
   * Readies the tables for a round: partitions for months that have windows and none, and for the next
   * one, so that its first flush need not make it; and indexes.
   */
  void prepare() {
    months.makeDue();
    await(database.asEngine(store::indexesByTime)).forEach(this::summarize);
  }

  /** Each on its own and at once or not at all: a vacuum of the table goes first. */
  private void summarize(long index) {
    try {
      await(database.asEngine(connection -> store.summarize(connection, index)));
    } catch (PgException e) {
      LOG.debug("an index is summarized later: {}", e.toString());
    }
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

  /** Lets go of minutes that are no longer kept, some at a time; gives whether there were any. */
  boolean dropMinutes() {
    return expiry.dropMonths() || expiry.deleteStrays();
  }

  /** How far windows are rolled up. */
  Watermarks watermarks() {
    return await(database.asEngine(store::watermarks));
  }

  private static <T> T await(Future<T> future) {
    return Awaiting.get(future, TIMEOUT_SECONDS);
  }
}
