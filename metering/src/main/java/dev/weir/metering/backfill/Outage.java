package dev.weir.metering.backfill;

import io.vertx.core.VertxException;
import io.vertx.pgclient.PgException;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.TimeoutException;

/** Tells failures that pass from failures that come again. */
final class Outage {

  /** Connections, resources, operators, states that change, and transactions in each other's way. */
  private static final Set<String> PASSING = Set.of("08", "40", "53", "55", "57", "58");

  private Outage() {}

  /** Whether the same may well go through later. */
  static boolean is(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof PgException pg) {
        return PASSING.contains(pg.getSqlState().substring(0, 2));
      }
      if (cause instanceof IOException
          || cause instanceof VertxException
          || cause instanceof TimeoutException) {
        return true;
      }
    }
    return false;
  }
}
