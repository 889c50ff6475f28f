package dev.weir.rating.catalog;

import dev.weir.metering.Ids;
import dev.weir.rating.Slice;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.time.InstantSource;
import java.util.UUID;

/** Reads and writes plan versions inside the caller's transaction. Thread-safe. */
public final class PlanStore {

  private final MeterLookup meters;
  private final Ids ids;
  private final InstantSource clock;

  public PlanStore(MeterLookup meters, Ids ids, InstantSource clock) {
    this.meters = meters;
    this.ids = ids;
    this.clock = clock;
  }

  /** Creates the first or next version of a plan; refuses what its rate cards get wrong. */
  public Future<Plan> create(SqlConnection connection, UUID tenantId, PlanDraft draft) {
    return Future.failedFuture(new UnsupportedOperationException(meters + " " + ids + " " + clock));
  }

  /** The version with this id, or the newest with this key; refuses with PLAN_NOT_FOUND. */
  public Future<Plan> find(SqlConnection connection, UUID tenantId, String idOrKey) {
    return Future.failedFuture(new UnsupportedOperationException());
  }

  /** A slice of the newest versions of the tenant's plans, newest first. */
  public Future<Slice<Plan>> list(SqlConnection connection, UUID tenantId, int limit, int offset) {
    return Future.failedFuture(new UnsupportedOperationException());
  }

  /** Whether any plan version bills this meter. */
  public Future<Boolean> usesMeter(SqlConnection connection, UUID meterId) {
    return Future.failedFuture(new UnsupportedOperationException());
  }
}
