package dev.weir.metering.ingest;

import dev.weir.metering.event.EventBatch;
import dev.weir.metering.event.Verdict;
import dev.weir.metering.journal.JournalPosition;

/**
 * The honest answer to a request: everything accepted in it is on stable storage.
 *
 * @param batch the events with their verdicts
 * @param position includes every event of the request, also those known before
 */
public record IngestAnswer(EventBatch batch, JournalPosition position) {

  public int count(Verdict verdict) {
    int count = 0;
    for (int i = 0; i < batch.count(); i++) {
      count += batch.verdict(i) == verdict ? 1 : 0;
    }
    return count;
  }
}
