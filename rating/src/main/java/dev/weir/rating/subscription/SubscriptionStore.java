package dev.weir.rating.subscription;

import dev.weir.metering.Ids;
import dev.weir.rating.Slice;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads and writes subscriptions inside the caller's transaction. Thread-safe. */
public final class SubscriptionStore {

  private final Ids ids;
  private final InstantSource clock;

  public SubscriptionStore(Ids ids, InstantSource clock) {
    this.ids = ids;
    this.clock = clock;
  }

  /** Creates a subscription; refuses when plan, customer and request do not agree. */
  public Future<Subscription> create(SqlConnection connection, SubscriptionDraft draft) {
    return Future.failedFuture(new UnsupportedOperationException(ids + " " + clock));
  }

  /** The tenant's subscription with this id; refuses with SUBSCRIPTION_NOT_FOUND. */
  public Future<Subscription> find(SqlConnection connection, UUID tenantId, String id) {
    return Future.failedFuture(new UnsupportedOperationException());
  }

  /** A slice of the tenant's subscriptions, newest first. */
  public Future<Slice<Subscription>> list(
      SqlConnection connection, UUID tenantId, SubscriptionFilter filter, int limit, int offset) {
    return Future.failedFuture(new UnsupportedOperationException());
  }

  /**
   * Active subscriptions whose next boundary is at or before {@code until}, in order of id. Inside a
   * tenant's transaction only the tenant's; as the engine, everyone's.
   *
   * @param after the last id of the batch before, null for the first batch
   */
  public Future<List<Subscription>> due(
      SqlConnection connection, Instant until, @Nullable UUID after, int limit) {
    return Future.failedFuture(new UnsupportedOperationException());
  }

  /** Reads a subscription and keeps others from billing it until the transaction ends. */
  public Future<Subscription> lockForBilling(SqlConnection connection, UUID id) {
    return Future.failedFuture(new UnsupportedOperationException());
  }

  /**
   * Moves to the boundary after the one that the given subscription, read under {@link
   * #lockForBilling}, stands at; fails when the row has moved on meanwhile.
   */
  public Future<Subscription> advance(SqlConnection connection, Subscription locked) {
    return Future.failedFuture(new UnsupportedOperationException());
  }
}
