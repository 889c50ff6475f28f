package dev.weir.metering.detail;

import dev.weir.metering.MeteringError;
import dev.weir.metering.Refusal;
import dev.weir.metering.asof.AsOf;
import dev.weir.metering.asof.LiveRecords;
import dev.weir.metering.asof.SubjectRecords;
import dev.weir.metering.journal.JournalPosition;
import dev.weir.metering.meter.ActiveMeter;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** The journal's events, and the few threads that may read them for questions. Thread-safe. */
public final class JournalRecords {

  private static final int THREADS = 2;
  private static final int WAITING_MAX = 32;
  private static final long MINUTES_MAX = 5;

  private final SubjectRecords records;
  private final Supplier<Instant> completeFrom;
  private final WorkerExecutor workers;
  private final AtomicInteger waiting = new AtomicInteger();

  /**
   * @param completeFrom everything received from then on is still in the journal; asked on threads that may
   *     block
   */
  public JournalRecords(Vertx vertx, SubjectRecords records, Supplier<Instant> completeFrom) {
    this.records = records;
    this.completeFrom = completeFrom;
    this.workers = vertx.createSharedWorkerExecutor(
        "weir-usage-events", THREADS, MINUTES_MAX, TimeUnit.MINUTES);
  }

  /**
   * Lets a question begin, or refuses it with USAGE_EVENTS_OVERLOADED when many are under way.
   *
   * @param work gives the answer; runs on the caller's thread
   */
  <T> Future<T> admit(Supplier<Future<T>> work) {
    if (waiting.incrementAndGet() > WAITING_MAX) {
      waiting.decrementAndGet();
      return Future.failedFuture(new Refusal(
          MeteringError.USAGE_EVENTS_OVERLOADED,
          "Too many questions that need single events are waiting; try again shortly, or ask for ranges"
              + " on whole minutes."));
    }
    try {
      return work.get().onComplete(done -> waiting.decrementAndGet());
    } catch (RuntimeException e) {
      waiting.decrementAndGet();
      return Future.failedFuture(e);
    }
  }

  /** Runs what blocks. */
  <T> Future<T> onWorker(Callable<T> work) {
    return workers.executeBlocking(work, false);
  }

  /** Refuses with USAGE_JOURNAL_INCOMPLETE what needs events that may be gone. Blocks. */
  void requireSince(Instant from) {
    Instant complete = completeFrom.get();
    if (from.isBefore(complete)) {
      throw new Refusal(
          MeteringError.USAGE_JOURNAL_INCOMPLETE,
          "from",
          "This needs single events from %s on, and of those received before %s files of the journal are"
                  .formatted(from, complete)
              + " gone; ask for a range on whole minutes, or a later one.");
    }
  }

  /** What counts for a meter as of a position. */
  LiveRecords live(
      ActiveMeter active,
      JournalPosition position,
      long recordsMax,
      Supplier<? extends RuntimeException> tooMany) {
    return new LiveRecords(records, active, new AsOf(position, null), recordsMax, tooMany);
  }

  /** Ends the threads; questions under way fail. */
  public Future<Void> close() {
    return workers.close();
  }
}
