package dev.weir.metering.aggregate;

import dev.weir.metering.journal.Frame;
import dev.weir.metering.journal.JournalPosition;
import dev.weir.metering.journal.JournalReader;
import dev.weir.metering.journal.ReadableLane;
import java.util.Collection;
import java.util.List;

/** Finds the records of windows by reading the whole journal. Cost: that of a replay, each time. */
final class JournalScan implements WindowEvents {

  private final List<ReadableLane> lanes;

  JournalScan(Collection<? extends ReadableLane> lanes) {
    this.lanes = List.copyOf(lanes);
  }

  @Override
  public void visit(Collection<Place> places, JournalPosition upTo, Visitor visitor) {
    for (ReadableLane lane : lanes) {
      long last = upTo.sequence(lane.number());
      try (JournalReader reader = lane.reader()) {
        Frame frame = last == 0 ? null : reader.next();
        while (frame != null && frame.firstSequence() <= last) {
          frame.forEach(record -> {
            if (record.sequence() <= last) {
              visitor.record(lane.number(), record);
            }
          });
          frame = frame.lastSequence() >= last ? null : reader.next();
        }
      }
    }
  }
}
