package dev.weir.metering.rollup;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Lets go of minutes that are no longer kept. Months go as files, under locks for which everybody waits;
 * what the default partition has of them nobody sees once the watermark has moved, and is deleted later, a
 * bounded number of rows at a time. Blocks on the database; confined to one thread.
 */
final class MinuteExpiry {

  private static final Duration DROP_AGAIN = Duration.ofHours(1);
  private static final int STRAYS_MAX = 5_000;

  private final RollupSession session;
  private final InstantSource clock;
  private final MinuteRetention retention;
  private final WindowMonths months;
  private final RollupStore store = new RollupStore();
  private final MonthStore tables = new MonthStore();

  /** Not before this are minutes looked at again that may not go yet. */
  private Instant dropAgainAt = Instant.MIN;

  MinuteExpiry(
      RollupSession session, InstantSource clock, MinuteRetention retention, WindowMonths months) {
    this.session = session;
    this.clock = clock;
    this.retention = retention;
    this.months = months;
  }

  /**
   * Drops months that are no longer kept; gives whether there were any. Never what is not in the days, nor
   * what is still to be billed: a period may begin within an hour.
   */
  boolean dropMonths() {
    Instant now = clock.instant();
    if (retention.months() == 0
        || now.isBefore(dropAgainAt)
        || !isDue(session.run(store::watermarks))) {
      return false;
    }
    // Nobody is held up for what may not go.
    boolean dropped = session
            .run(connection -> target(connection, store.watermarks(connection)))
            .isPresent()
        && session.run(this::drop);
    if (!dropped) {
      dropAgainAt = now.plus(DROP_AGAIN);
    }
    return dropped;
  }

  private boolean isDue(Watermarks marks) {
    return droppableTo(marks, Instant.MAX) > marks.minutesFrom();
  }

  /** The watermarks as they are to be; none when nothing may go. */
  private Future<Optional<Watermarks>> target(SqlConnection connection, Future<Watermarks> now) {
    return now.compose(marks -> retention.neededFrom().apply(connection).map(neededFrom -> {
      long to = droppableTo(marks, neededFrom);
      return to <= marks.minutesFrom()
          ? Optional.empty()
          : Optional.of(new Watermarks(marks.hoursTo(), marks.daysTo(), to));
    }));
  }

  /**
   * Whoever relies on minutes looks how far they are kept, and names their tables: so what is still to be
   * billed is asked once more when those are held, and by then all have said what they need.
   */
  private Future<Boolean> drop(SqlConnection connection) {
    Future<Watermarks> held =
        store.lock(connection).compose(marks -> tables.holdMinutes(connection).map(marks));
    return target(connection, held)
        .compose(target -> target.isEmpty()
            ? Future.succeededFuture(false)
            : store
                .move(connection, target.get())
                .compose(moved -> tables.dropMonths(connection, target.get().minutesFrom()))
                .map(true));
  }

  /** Whole months only, as partitions are. */
  private long droppableTo(Watermarks marks, Instant neededFrom) {
    Instant oldest = months.first(retention.months());
    Instant end = neededFrom.isBefore(oldest) ? neededFrom : oldest;
    long minute = Math.max(Watermarks.START, Math.floorDiv(end.getEpochSecond(), 60));
    return WindowMonths.monthStart(Math.min(minute, marks.daysTo()));
  }

  /** Deletes some of what the default partition has and is no longer kept; gives whether it had any. */
  boolean deleteStrays() {
    return session.run(connection -> tables.deleteStrays(connection, STRAYS_MAX)) > 0;
  }
}
