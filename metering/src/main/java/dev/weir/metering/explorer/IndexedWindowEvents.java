package dev.weir.metering.explorer;

import dev.weir.metering.aggregate.WindowEvents;
import dev.weir.metering.journal.JournalPosition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Finds the records of windows by the event index. For any thread that may block. Cost: that of the
 * records of the window's subject and minute, wherever in the journal they lie.
 */
public final class IndexedWindowEvents implements WindowEvents {

  private final EventExplorer explorer;

  public IndexedWindowEvents(EventExplorer explorer) {
    this.explorer = explorer;
  }

  @Override
  public void visit(Collection<Place> places, JournalPosition upTo, Visitor visitor) {
    ranges(places)
        .forEach((of, ranges) -> ranges.forEach(
            range -> explorer.records(of.tenantId(), of.subject(), range, upTo, visitor::record)));
  }

  /** Whose windows. */
  record Subject(UUID tenantId, String subject) {}

  /**
   * The times of each subject, none of which touches another: a record that is of several places, as of
   * two types, is visited once all the same.
   */
  static Map<Subject, List<EventFilter.Range>> ranges(Collection<Place> places) {
    Map<Subject, List<EventFilter.Range>> ranges = new LinkedHashMap<>();
    places.stream()
        .sorted(Comparator.comparingLong(Place::fromNanos))
        .forEach(place -> add(
            ranges.computeIfAbsent(
                new Subject(place.tenantId(), place.subject()), subject -> new ArrayList<>()),
            new EventFilter.Range(Math.max(0, place.fromNanos()), place.toNanos())));
    return ranges;
  }

  private static void add(List<EventFilter.Range> ascending, EventFilter.Range next) {
    int last = ascending.size() - 1;
    if (last >= 0 && ascending.get(last).toNanos() >= next.fromNanos()) {
      EventFilter.Range before = ascending.get(last);
      ascending.set(
          last,
          new EventFilter.Range(before.fromNanos(), Math.max(before.toNanos(), next.toNanos())));
    } else {
      ascending.add(next);
    }
  }
}
