package dev.weir.metering.explorer;

import dev.weir.metering.aggregate.WindowEvents;
import dev.weir.metering.dedup.IdentityKey;
import dev.weir.metering.event.RecordWriter;
import dev.weir.metering.journal.Frame;
import dev.weir.metering.journal.FrameWriter;
import dev.weir.metering.journal.JournalPosition;
import dev.weir.metering.journal.JournaledEvent;
import java.util.Collection;

/**
 * Finds the records of windows by the event index. Confined to the aggregator's thread. Cost: that of the
 * records of the window's subject and minute, wherever in the journal they lie.
 */
public final class IndexedWindowEvents implements WindowEvents {

  /** Nobody looks these identities up. */
  private static final IdentityKey NO_KEY = new IdentityKey(0, 0);

  private final EventExplorer explorer;
  private final FrameWriter frames = new FrameWriter();

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
          record -> {
            boolean wanted = record.type().equals(place.type())
                && record.sequence() <= upTo.sequence(record.lane());
            if (wanted) {
              frame(record).forEach(view -> visitor.record(record.lane(), view));
            }
          });
    }
  }

  /** A frame of one record, which keeps its sequence. */
  private Frame frame(JournaledEvent record) {
    RecordWriter records =
        new RecordWriter(record.tenantId(), NO_KEY, record.receivedNanos());
    records.add(new RecordWriter.Content(
        record.flags(),
        record.timeNanos(),
        record.payloadHash(),
        record.source(),
        record.id(),
        record.type(),
        record.subject(),
        record.extensions(),
        record.data()));
    frames.begin(record.lane(), record.sequence());
    frames.beginGroup(record.tenantId(), record.receivedNanos());
    frames.add(records.batch(), 0, false);
    frames.endGroup();
    frames.end();
    return Frame.of(frames);
  }
}
