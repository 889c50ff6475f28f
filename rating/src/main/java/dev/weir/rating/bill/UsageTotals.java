package dev.weir.rating.bill;

import dev.weir.metering.Quantity;
import dev.weir.metering.usage.UsageQuery;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;

/** Answers how much was used, as {@code UsageStore::total} does. */
@FunctionalInterface
public interface UsageTotals {

  Future<Quantity> total(SqlConnection connection, UsageQuery query);
}
