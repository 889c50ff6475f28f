package dev.weir.metering;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What has begun and not yet ended, for those who must wait until all that began before has. Thread-safe.
 */
public final class UnderWay {

  private static final long LOOK_AGAIN_MILLIS = 2;

  private final AtomicLong next = new AtomicLong();
  private final Set<Long> open = ConcurrentHashMap.newKeySet();

  /** Notes a beginning; gives the ticket to {@link #end} it with. */
  public long begin() {
    long ticket = next.incrementAndGet();
    open.add(ticket);
    return ticket;
  }

  public void end(long ticket) {
    open.remove(ticket);
  }

  /** Completes when everything that had begun at the call has ended. */
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
