package dev.weir.invoicing.run;

import io.vertx.core.VertxException;
import io.vertx.pgclient.PgException;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeoutException;

/**
 * Tells failures that say nothing of the work itself (the database is away, overloaded, or asked us to
 * repeat a transaction) from those that would come again.
 */
final class Outage {

  /**
   * SQLSTATE classes: connection exception, transaction rollback, insufficient resources, server
   * shutting down, and object not available for now.
   */
  private static final List<String> CLASSES = List.of("08", "40", "53", "57P", "55P03");

  private Outage() {}

  static boolean is(Throwable failure) {
    if (failure instanceof PgException refused) {
      String state = String.valueOf(refused.getSqlState());
      return CLASSES.stream().anyMatch(state::startsWith);
    }
    return failure instanceof VertxException
        || failure instanceof IOException
        || failure instanceof TimeoutException;
  }
}
