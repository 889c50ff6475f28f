package dev.weir.metering.ingest;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Requests that have begun and are not yet answered. An event without a time gets the one when its
 * request began, so whoever closes a period must wait for all requests that began before: their events
 * may belong to it and are not in the journal yet. Thread-safe.
 */
public final class RequestsUnderWay {

  private static final long LOOK_AGAIN_MILLIS = 2;

  private final AtomicLong next = new AtomicLong();
  private final Set<Long> open = ConcurrentHashMap.newKeySet();

  /** Notes that a request begins; must come before its receive time is read. */
  public long begin() {
    long ticket = next.incrementAndGet();
    open.add(ticket);
    return ticket;
  }

  public void end(long ticket) {
    open.remove(ticket);
  }

  /** Completes when every request that had begun at the call is answered. */
  public Future<Void> settled(Vertx vertx) {
    Set<Long> earlier = Set.copyOf(open);
    Promise<Void> promise = Promise.promise();
    look(vertx, earlier, promise);
    return promise.future();
  }

  private void look(Vertx vertx, Set<Long> earlier, Promise<Void> promise) {
    if (earlier.stream().noneMatch(open::contains)) {
      promise.complete();
    } else {
      vertx.setTimer(LOOK_AGAIN_MILLIS, id -> look(vertx, earlier, promise));
    }
  }
}
