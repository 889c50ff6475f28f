package dev.weir.metering.ingest;

import dev.weir.metering.event.EventBatch;
import dev.weir.metering.event.Verdict;
import dev.weir.metering.journal.JournalPosition;
import java.util.EnumMap;
import java.util.Map;

/**
 * The honest answer to a request: everything accepted in it is on stable storage.
 *
 * @param batch the events with their verdicts
 * @param position includes every event of the request, also those known before
 */
public record IngestAnswer(EventBatch batch, JournalPosition position) {

  /** How many events got each verdict; counted anew at each call. */
  public Map<Verdict, Integer> counts() {
    Map<Verdict, Integer> counts = new EnumMap<>(Verdict.class);
    for (Verdict verdict : Verdict.values()) {
      counts.put(verdict, 0);
    }
    for (int i = 0; i < batch.count(); i++) {
      counts.merge(batch.verdict(i), 1, Integer::sum);
    }
    return counts;
  }

  public int count(Verdict verdict) {
    return counts().getOrDefault(verdict, 0);
  }
}
