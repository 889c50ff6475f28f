package dev.weir.benchmarks.jmh;

import dev.weir.metering.dedup.IdentityKey;
import dev.weir.metering.event.EventBatch;
import dev.weir.metering.event.EventDecoder;
import dev.weir.metering.event.EventLimits;
import dev.weir.metering.event.EventRules;
import dev.weir.metering.journal.FrameWriter;
import java.util.UUID;

/** A decoded request of sample events, and its frame. */
final class SampleBatch {

  static final int EVENTS = 1_000;
  static final UUID TENANT = new UUID(1, 2);

  private SampleBatch() {}

  static EventBatch decoded() {
    return new EventDecoder(EventLimits.DEFAULT)
        .decodeLines(
            SampleEvents.lines(0, EVENTS),
            new EventDecoder.Sender(TENANT, new IdentityKey(3, 4), EventRules.NONE, 0));
  }

  static void write(FrameWriter frame, EventBatch batch) {
    frame.begin(0, 1);
    frame.beginGroup(batch.tenantId(), batch.receivedNanos());
    for (int i = 0; i < batch.count(); i++) {
      frame.add(batch, i, false);
    }
    frame.endGroup();
    frame.end();
  }
}
