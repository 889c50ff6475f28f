package dev.weir.api.explorer;

import dev.weir.api.usage.CustomerSubjects;
import dev.weir.metering.database.Database;
import dev.weir.metering.explorer.EventFilter;
import dev.weir.metering.explorer.MeterFilter;
import dev.weir.metering.meter.MeterStore;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Looks up what the parameters name: the meter, and the subjects of the customer. */
final class EventFilters {

  private final Database database;
  private final CustomerSubjects customers;
  private final MeterStore meters = new MeterStore();

  EventFilters(Database database, CustomerSubjects customers) {
    this.database = database;
    this.customers = customers;
  }

  /** Refuses with METER_NOT_FOUND, or as the customers do. */
  Future<EventFilter> resolve(UUID tenantId, EventParameters parameters) {
    if (parameters.meter() == null && parameters.customer() == null) {
      return Future.succeededFuture(parameters.filter(tenantId, null, null));
    }
    return database.inTenant(
        tenantId,
        connection -> meter(connection, tenantId, parameters.meter())
            .compose(meter -> subjects(connection, tenantId, parameters.customer())
                .map(subjects -> parameters.filter(tenantId, meter, subjects))));
  }

  private Future<@Nullable MeterFilter> meter(
      SqlConnection connection, UUID tenantId, @Nullable String idOrKey) {
    return idOrKey == null
        ? Future.succeededFuture()
        : meters.find(connection, tenantId, idOrKey).map(MeterFilter::new);
  }

  private Future<@Nullable Set<String>> subjects(
      SqlConnection connection, UUID tenantId, @Nullable String idOrKey) {
    return idOrKey == null
        ? Future.succeededFuture()
        : customers.of(connection, tenantId, idOrKey).map(subjects -> subjects);
  }
}
