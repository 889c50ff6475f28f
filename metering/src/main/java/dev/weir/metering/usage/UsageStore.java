package dev.weir.metering.usage;

import dev.weir.metering.Quantity;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.util.List;

/** Answers usage queries inside the caller's transaction. */
public final class UsageStore {

  /** Rows in order of window, subject, groups; an empty range gives an empty list. */
  public Future<List<UsageRow>> query(SqlConnection connection, UsageQuery query) {
    return Future.failedFuture(new UnsupportedOperationException());
  }

  /** The single total of a query without windows and groups; zero when there is no usage. */
  public Future<Quantity> total(SqlConnection connection, UsageQuery query) {
    return query(connection, query)
        .map(rows -> rows.isEmpty() ? Quantity.ZERO : rows.get(0).value());
  }
}
