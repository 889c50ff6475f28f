package dev.weir.metering.aggregate;

import dev.weir.metering.journal.Frame;
import dev.weir.metering.journal.JournalPosition;
import java.util.Collection;
import java.util.UUID;

/**
 * Finds the journaled records of windows again. What MIN, MAX and LATEST keep of a window does not tell
 * what it would be without one of its events, so a void needs the others.
 */
@FunctionalInterface
public interface WindowEvents {

  /**
   * Where to look: records of this type and subject with an event time from one instant, inclusive, to
   * another, exclusive.
   */
  record Place(UUID tenantId, String type, String subject, long fromNanos, long toNanos) {}

  /** Receives a record; the view is valid during the call only. */
  @FunctionalInterface
  interface Visitor {
    void record(int lane, Frame.RecordView record);
  }

  /**
   * Visits every record of these places, voids, replacements and conflicts too, once each, in any order;
   * records of other places may come along. Blocks; called on the aggregator's thread and on those of
   * backfills.
   *
   * @param upTo nothing that lies after this in the journal is visited
   */
  void visit(Collection<Place> places, JournalPosition upTo, Visitor visitor);
}
