package dev.weir.metering.explorer;

import dev.weir.metering.aggregate.WindowEvents;
import dev.weir.metering.journal.JournalPosition;
import java.util.Collection;

/**
 * Finds the records of windows by the event index. Confined to the aggregator's thread. Cost: that of the
 * records of the window's subject and minute, wherever in the journal they lie.
 */
public final class IndexedWindowEvents implements WindowEvents {

  private final EventExplorer explorer;

  public IndexedWindowEvents(EventExplorer explorer) {
    this.explorer = explorer;
  }

  @Override
  public void visit(Collection<Place> places, JournalPosition upTo, Visitor visitor) {
    for (Place place : places) {
      explorer.records(
          place.tenantId(),
          place.subject(),
          new EventFilter.Range(place.fromNanos(), place.toNanos()),
          upTo,
          visitor::record);
    }
  }
}
