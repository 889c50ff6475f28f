package dev.weir.rating.catalog;

import dev.weir.metering.Ids;
import dev.weir.rating.Slice;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.time.InstantSource;
import java.util.Currency;
import java.util.UUID;

/** Reads and writes customers inside the caller's transaction. Thread-safe. */
public final class CustomerStore {

  /** The key of the tenant's own customer, which subscriptions without a customer belong to. */
  public static final String OWN_KEY = "default";

  private final Ids ids;
  private final InstantSource clock;

  public CustomerStore(Ids ids, InstantSource clock) {
    this.ids = ids;
    this.clock = clock;
  }

  /** Creates a customer; refuses with CUSTOMER_KEY_TAKEN or CUSTOMER_SUBJECT_TAKEN. */
  public Future<Customer> create(SqlConnection connection, UUID tenantId, CustomerDraft draft) {
    return Future.failedFuture(new UnsupportedOperationException(ids + " " + clock));
  }

  /** The tenant's customer with this id or key; refuses with CUSTOMER_NOT_FOUND. */
  public Future<Customer> find(SqlConnection connection, UUID tenantId, String idOrKey) {
    return Future.failedFuture(new UnsupportedOperationException());
  }

  /** The tenant's own customer; created when there is none, named after the tenant. */
  public Future<Customer> own(SqlConnection connection, UUID tenantId, Currency currency) {
    return Future.failedFuture(new UnsupportedOperationException());
  }

  /** A slice of the tenant's customers, newest first. */
  public Future<Slice<Customer>> list(
      SqlConnection connection, UUID tenantId, int limit, int offset) {
    return Future.failedFuture(new UnsupportedOperationException());
  }
}
