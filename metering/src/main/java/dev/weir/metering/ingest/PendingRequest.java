package dev.weir.metering.ingest;

import dev.weir.metering.event.EventBatch;
import dev.weir.metering.journal.JournalPosition;
import io.vertx.core.Promise;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A request on its way through the lanes; the last lane to finish completes it. */
final class PendingRequest {

  private final EventBatch batch;
  private final Promise<IngestAnswer> promise;
  private final AtomicInteger lanesLeft;
  private final TreeMap<Integer, Long> sequences;
  private @Nullable Throwable failure;

  /**
   * @param recovered where the lanes stood at the start: an event known from before may have been
   *     journaled by another lane than the one its identity belongs to now
   */
  PendingRequest(
      EventBatch batch, Promise<IngestAnswer> promise, int lanes, Map<Integer, Long> recovered) {
    this.batch = batch;
    this.promise = promise;
    this.lanesLeft = new AtomicInteger(lanes);
    this.sequences = new TreeMap<>(recovered);
  }

  EventBatch batch() {
    return batch;
  }

  /** A lane has flushed its share; the sequence includes it. */
  void laneDone(int lane, long sequence) {
    synchronized (sequences) {
      if (sequence > 0) {
        sequences.put(lane, sequence);
      }
    }
    finish();
  }

  /** A lane could not take its share. */
  void laneFailed(Throwable cause) {
    synchronized (sequences) {
      failure = cause;
    }
    finish();
  }

  private void finish() {
    if (lanesLeft.decrementAndGet() > 0) {
      return;
    }
    Throwable cause;
    JournalPosition position;
    synchronized (sequences) {
      cause = failure;
      position = new JournalPosition(sequences);
    }
    if (cause != null) {
      promise.fail(cause);
    } else {
      promise.complete(new IngestAnswer(batch, position));
    }
  }
}
