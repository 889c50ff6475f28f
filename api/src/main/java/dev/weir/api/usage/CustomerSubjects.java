package dev.weir.api.usage;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.util.Set;
import java.util.UUID;

/** Whose usage a customer pays for. */
@FunctionalInterface
public interface CustomerSubjects {

  /** The subjects of the customer with this key or id; refuses when there is none. */
  Future<Set<String>> of(SqlConnection connection, UUID tenantId, String idOrKey);
}
