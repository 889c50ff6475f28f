package dev.weir.metering.database;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.vertx.core.VertxException;
import io.vertx.pgclient.PgException;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeoutException;

/**
 * Tells failures that say nothing of the work itself, as the database or a disk is away or busy, from
 * those that would come again. Pure.
 */
public final class Outage {

  /**
   * Classes of SQLSTATE, or codes: connections, transactions in each other's way, resources, a lock that
   * was not to be had, a server that goes down or comes up, and its operating system. A statement that was
   * cancelled (57014) is none: it took too long and would again.
   */
  private static final List<String> PASSING = List.of("08", "40", "53", "55P03", "57P", "58");

  private Outage() {}

  /** Whether the same may well go through later; causes count as the failure itself. */
  public static boolean is(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof PgException refused) {
        String state = String.valueOf(refused.getSqlState());
        return PASSING.stream().anyMatch(state::startsWith);
      }
      if (cause instanceof JsonProcessingException) {
        // An IOException by descent only: what does not parse will not.
        return false;
      }
      if (cause instanceof Database.Abandoned
          || cause instanceof IOException
          || cause instanceof VertxException
          || cause instanceof TimeoutException) {
        return true;
      }
    }
    return false;
  }
}
