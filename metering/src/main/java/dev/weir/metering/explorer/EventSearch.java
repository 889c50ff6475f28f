package dev.weir.metering.explorer;

import dev.weir.metering.Invariant;
import org.jspecify.annotations.Nullable;

/**
 * A page of a list of events, the newest first.
 *
 * @param limit most events on the page
 * @param after where the page before ended; null for the first
 * @param partial whether an answer may leave something out, if it says so, rather than be refused
 */
public record EventSearch(
    EventFilter filter, int limit, @Nullable EventCursor after, boolean partial) {

  public static final int LIMIT_MAX = 1_000;

  public EventSearch {
    Invariant.check(limit >= 1 && limit <= LIMIT_MAX, "limit out of range");
  }
}
