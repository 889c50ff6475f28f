package dev.weir.metering.meter;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.util.UUID;

/** Reads and writes meters inside the caller's transaction. */
public final class MeterStore {

  /** The tenant's meter with this id or key; refuses with METER_NOT_FOUND. */
  public Future<Meter> find(SqlConnection connection, UUID tenantId, String idOrKey) {
    return Future.failedFuture(new UnsupportedOperationException());
  }
}
