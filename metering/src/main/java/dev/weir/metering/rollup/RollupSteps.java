package dev.weir.metering.rollup;

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
  private static final int HOURS_MAX = 24;

  /** So many changes at a time are put together once more. */
  private static final int LATE_MAX = 10_000;

  /** So often at most without holding up flushes; what then is left holds them up. */
  private static final int PASSES_MAX = 100;

  private final RollupSession session;
  private final InstantSource clock;
  private final WindowMonths months;
  private final MinuteExpiry expiry;
  private final RollupStore store = new RollupStore();
  private final MonthStore tables = new MonthStore();
  private final LateStore late = new LateStore();

  RollupSteps(Database database, InstantSource clock, MinuteRetention retention) {
    this.session = new RollupSession(database);
    this.clock = clock;
    this.months = new WindowMonths(database, clock);
    this.expiry = new MinuteExpiry(session, clock, retention, months);
  }

  /**
   * Readies the tables for a round: partitions for months that have windows and none, and for the next
   * one, so that its first flush need not make it; and indexes.
   */
  void prepare() {
    months.makeDue();
    session.run(tables::indexesByTime).forEach(this::summarize);
  }

  /** Each on its own and at once or not at all: a vacuum of the table goes first. */
  private void summarize(long index) {
    try {
      session.run(connection -> tables.summarize(connection, index));
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
    long limit = session.run(
        connection -> store.newestOpen(connection, Grain.HOUR).map(this::closableBefore));
    List<Long> hours = session.run(
        connection -> store.open(connection, Grain.HOUR, limit, Math.min(hoursMax, HOURS_MAX) + 1));
    if (hours.isEmpty()) {
      return false;
    }
    boolean all = hours.size() <= Math.min(hoursMax, HOURS_MAX);
    long to = all ? limit : hours.get(hours.size() - 1);
    // First on its own: flushes of newer windows never look at what follows.
    session.run(connection -> store.close(connection, Grain.HOUR, to));
    session.run(connection -> rollHours(connection, to));
    return true;
  }

  private Future<Void> rollHours(SqlConnection connection, long to) {
    return begin(connection)
        // An attempt before, given up for lost, may have gone farther meanwhile: never back.
        .compose(marks -> marks.hoursTo() >= to
            ? store.lock(connection)
            : putTogether(connection, Grain.HOUR, marks.hoursTo(), to)
                .compose(locked -> moveHours(connection, locked, to)))
        .compose(marks -> store.removeOpen(connection, Grain.HOUR, to));
  }

  private Future<Watermarks> begin(SqlConnection connection) {
    return store.begin(connection).compose(begun -> store.watermarks(connection));
  }

  /**
   * Puts a stretch of closed windows together; gives the watermarks, locked. Flushes wait only for what
   * comes then: before, they go on, and what they change is put together once more.
   */
  private Future<Watermarks> putTogether(
      SqlConnection connection, Grain grain, long from, long to) {
    return late.forget(connection, grain)
        .compose(done -> store.roll(connection, grain, from, to))
        .compose(done -> catchUp(connection, grain, to, PASSES_MAX))
        .compose(done -> store.lock(connection))
        .compose(marks -> catchUp(connection, grain, to, Integer.MAX_VALUE).map(marks));
  }

  /**
   * More may be closed than this step puts together, by one that ended before it had: what is late for
   * that is left to the step that will read it.
   */
  private Future<Void> catchUp(SqlConnection connection, Grain grain, long to, int passes) {
    return late.take(connection, grain, LATE_MAX)
        .compose(taken -> store
            .rollAllAnew(connection, grain, taken.keysBefore(to))
            .compose(done -> taken.all() || passes == 1
                ? Future.succeededFuture()
                : catchUp(connection, grain, to, passes - 1)));
  }

  private Future<Watermarks> moveHours(SqlConnection connection, Watermarks marks, long to) {
    Watermarks moved = new Watermarks(to, marks.daysTo(), marks.minutesFrom());
    return store
        .open(connection, Grain.HOUR, to, Integer.MAX_VALUE)
        .compose(open -> store.addOpen(
            connection,
            Grain.DAY,
            open.stream().map(Grain.DAY::start).distinct().toList()))
        .compose(done -> store.move(connection, moved))
        .map(moved);
  }

  private long closableBefore(long newestHour) {
    long now = Math.floorDiv(clock.instant().getEpochSecond(), 60);
    long newestEnd = newestHour + Grain.HOUR.minutes();
    return Grain.HOUR.start(Math.min(now, newestEnd)) - OPEN_HOURS * Grain.HOUR.minutes();
  }

  /** Rolls up the next day whose hours all are; gives whether there was one. */
  boolean rollDay() {
    Watermarks marks = watermarks();
    long limit = Grain.DAY.start(marks.hoursTo());
    List<Long> open = session.run(connection -> store.open(connection, Grain.DAY, limit, 1));
    if (open.isEmpty()) {
      if (limit > marks.daysTo()) {
        session.run(connection -> skipDays(connection, limit));
      }
      return false;
    }
    long end = open.get(0) + Grain.DAY.minutes();
    session.run(connection -> store.close(connection, Grain.DAY, end));
    session.run(connection -> rollDays(connection, end));
    return true;
  }

  /** From the watermark on: what is late may have come to a day before the first that was open. */
  private Future<Void> rollDays(SqlConnection connection, long to) {
    return begin(connection)
        .compose(marks -> marks.daysTo() >= to
            ? store.lock(connection)
            : putTogether(connection, Grain.DAY, marks.daysTo(), to)
                .compose(locked -> moveDays(connection, locked, to)))
        .compose(marks -> store.removeOpen(connection, Grain.DAY, to));
  }

  /** Moves past days without usage. */
  private Future<Watermarks> skipDays(SqlConnection connection, long to) {
    return store
        .begin(connection)
        .compose(begun -> store.lock(connection))
        .compose(marks -> store
            .open(connection, Grain.DAY, to, 1)
            .compose(open -> open.isEmpty() && to > marks.daysTo()
                ? moveDays(connection, marks, to)
                : Future.succeededFuture(marks)));
  }

  private Future<Watermarks> moveDays(SqlConnection connection, Watermarks marks, long to) {
    Watermarks moved = new Watermarks(marks.hoursTo(), to, marks.minutesFrom());
    return store.move(connection, moved).map(moved);
  }

  /** Lets go of minutes that are no longer kept, some at a time; gives whether there were any. */
  boolean dropMinutes() {
    return expiry.dropMonths() || expiry.deleteStrays();
  }

  /** Ends the step under way; no other begins. Any thread; call it until the steps' thread has ended. */
  void end() {
    session.end();
  }

  /** How far windows are rolled up. */
  Watermarks watermarks() {
    return session.run(store::watermarks);
  }
}
