package dev.weir.metering.aggregate;

import dev.weir.metering.MeteringError;
import dev.weir.metering.Refusal;
import dev.weir.metering.journal.JournalPosition;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** What of the journal is visible in queries, and those who wait for more. Thread-safe; bounded. */
public final class Visibility {

  private static final int WAITERS_MAX = 10_000;

  private record Waiter(JournalPosition position, Promise<Void> promise) {}

  private final Vertx vertx;
  private final ConcurrentLinkedQueue<Waiter> waiters = new ConcurrentLinkedQueue<>();
  private final AtomicInteger waiting = new AtomicInteger();
  private volatile JournalPosition visible = JournalPosition.START;

  Visibility(Vertx vertx) {
    this.vertx = vertx;
  }

  /** Everything up to here is in the windows. */
  public JournalPosition position() {
    return visible;
  }

  void advanceTo(JournalPosition position) {
    visible = position;
    for (Iterator<Waiter> it = waiters.iterator(); it.hasNext(); ) {
      Waiter waiter = it.next();
      if (position.reaches(waiter.position())) {
        it.remove();
        waiter.promise().tryComplete();
      }
    }
  }

  /**
   * Completes when the position is visible; fails with USAGE_NOT_YET_VISIBLE when that takes longer
   * than the timeout.
   */
  public Future<Void> await(JournalPosition position, Duration timeout) {
    if (visible.reaches(position)) {
      return Future.succeededFuture();
    }
    if (waiting.incrementAndGet() > WAITERS_MAX) {
      waiting.decrementAndGet();
      return Future.failedFuture(notYet(position));
    }
    Promise<Void> promise = Contexts.promise();
    Waiter waiter = new Waiter(position, promise);
    waiters.add(waiter);
    long timer = vertx.setTimer(Math.max(1, timeout.toMillis()), id -> {
      waiters.remove(waiter);
      promise.tryFail(notYet(position));
    });
    // It may have become visible between the first look and the add.
    if (visible.reaches(position)) {
      waiters.remove(waiter);
      promise.tryComplete();
    }
    return promise.future().onComplete(done -> {
      vertx.cancelTimer(timer);
      waiting.decrementAndGet();
    });
  }

  private Refusal notYet(JournalPosition position) {
    return new Refusal(
        MeteringError.USAGE_NOT_YET_VISIBLE,
        "after",
        "Position %s is not visible yet (visible: %s); try again.".formatted(position, visible));
  }
}
