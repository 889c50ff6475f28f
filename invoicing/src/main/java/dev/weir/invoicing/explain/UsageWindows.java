package dev.weir.invoicing.explain;

import dev.weir.metering.usage.UsageQuery;
import dev.weir.metering.usage.UsageRow;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.util.List;

/** Gives usage rows inside the caller's transaction; {@code UsageStore::query} is one. */
@FunctionalInterface
public interface UsageWindows {

  Future<List<UsageRow>> query(SqlConnection connection, UsageQuery query);
}
