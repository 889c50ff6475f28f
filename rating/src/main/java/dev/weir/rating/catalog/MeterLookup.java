package dev.weir.rating.catalog;

import dev.weir.metering.meter.Meter;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.util.UUID;

/** Finds a tenant's meter by id or key, as {@code MeterStore::find} does. */
@FunctionalInterface
public interface MeterLookup {

  /** Fails with the refusal METER_NOT_FOUND when there is none. */
  Future<Meter> find(SqlConnection connection, UUID tenantId, String idOrKey);
}
