package dev.weir.metering.explorer;

import dev.weir.metering.journal.JournaledEvent;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A record of an event's history.
 *
 * @param verdict what holds of it; null for a void, which is no event
 * @param note what a void says of itself; null for an event
 */
public record FoundRecord(
    JournaledEvent record,
    @Nullable EventVerdict verdict,
    @Nullable CorrectionNote note) {

  /** Records with what holds of them, oldest first. */
  static List<FoundRecord> of(List<JournaledEvent> records, Snapshot snapshot) {
    SortedSet<RecordPlace> events = new TreeSet<>();
    records.stream()
        .filter(record -> !record.isVoid())
        .forEach(record -> events.add(new RecordPlace(record.lane(), record.sequence())));
    Map<RecordPlace, Snapshot.Voiding> voidings = snapshot.voidings(events);
    return records.stream()
        .sorted(Comparator.comparingLong(JournaledEvent::receivedNanos)
            .thenComparingInt(JournaledEvent::lane)
            .thenComparingLong(JournaledEvent::sequence))
        .map(record -> {
          Snapshot.Voiding voiding =
              voidings.get(new RecordPlace(record.lane(), record.sequence()));
          return record.isVoid()
              ? new FoundRecord(record, null, CorrectionNote.of(record.extensions()))
              : new FoundRecord(record, PageSearch.verdict(record, voiding), null);
        })
        .toList();
  }
}
