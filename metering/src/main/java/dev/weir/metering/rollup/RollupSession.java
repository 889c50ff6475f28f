package dev.weir.metering.rollup;

import dev.weir.metering.database.Awaiting;
import dev.weir.metering.database.Database;
import io.vertx.core.Future;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.SqlConnection;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The transactions of the rollups, one at a time and each bounded. Once ended, it begins no other, and the
 * server is asked to give up the one under way, which may be reading a whole day.
 *
 * <p>Confined to one thread, which it blocks, but for {@link #end}.
 */
final class RollupSession {

  private static final String STATEMENT_TIMEOUT = "540s";
  private static final long TIMEOUT_SECONDS = 600;

  /** Work that was not begun, as the session has ended. */
  static final class Ended extends RuntimeException {
    Ended() {
      super("rollups are being stopped", null, false, false);
    }
  }

  private final Database database;
  private volatile boolean ended;
  private volatile @Nullable PgConnection working;

  RollupSession(Database database) {
    this.database = database;
  }

  /** Runs the work in one transaction of the engine. Blocks; throws what the work failed with. */
  <T> T run(Function<SqlConnection, Future<T>> work) {
    if (ended) {
      throw new Ended();
    }
    Future<T> done = database.asEngine(connection -> begin(connection)
        .compose(begun -> work.apply(connection))
        .onComplete(worked -> working = null));
    try {
      return Awaiting.get(done, TIMEOUT_SECONDS);
    } finally {
      if (!done.isComplete()) {
        cancel();
      }
    }
  }

  private Future<Void> begin(SqlConnection connection) {
    if (ended) {
      return Future.failedFuture(new Ended());
    }
    working = PgConnection.cast(connection);
    return connection
        .query("SET LOCAL statement_timeout = '%s'".formatted(STATEMENT_TIMEOUT))
        .execute()
        .mapEmpty();
  }

  /** Ends the session; call it again until its thread notices, as a statement may just have ended. */
  void end() {
    ended = true;
    cancel();
  }

  /**
   * The server takes this for whatever the connection is doing then. That may be another's statement by
   * now, in the rarest case; it fails as if the database had been away, and is tried again.
   */
  private void cancel() {
    PgConnection connection = working;
    if (connection != null) {
      connection.cancelRequest();
    }
  }
}
