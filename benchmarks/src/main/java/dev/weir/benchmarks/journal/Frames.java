package dev.weir.benchmarks.journal;

import dev.weir.benchmarks.ingest.EventBody;
import dev.weir.benchmarks.ingest.EventShape;
import dev.weir.metering.dedup.IdentityKey;
import dev.weir.metering.event.EventBatch;
import dev.weir.metering.event.EventDecoder;
import dev.weir.metering.event.EventLimits;
import dev.weir.metering.event.EventRules;
import dev.weir.metering.event.EventTime;
import dev.weir.metering.journal.FrameWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;

/** Frames as Weir writes them for requests of this shape, made once and used again and again. */
final class Frames {

  private static final int COUNT = 8;
  private static final UUID TENANT = new UUID(0x0190_0000_0000_7000L, 0x8000_0000_0000_0001L);

  private final List<byte[]> frames = new ArrayList<>();
  private final int eventBytes;
  private int next;

  Frames(EventShape shape, Instant now) {
    EventBody body = new EventBody(shape, "bench.local", "local");
    eventBytes = body.eventBytes();
    FrameWriter writer = new FrameWriter();
    for (int i = 0; i < COUNT; i++) {
      long first = (long) i * shape.eventsPerRequest();
      body.patch(first, now);
      write(writer, decoded(body, now), 1 + first);
      frames.add(Arrays.copyOf(writer.array(), writer.length()));
    }
  }

  private static EventBatch decoded(EventBody body, Instant now) {
    return new EventDecoder(EventLimits.DEFAULT)
        .decodeLines(
            body.bytes(),
            new EventDecoder.Sender(
                TENANT, new IdentityKey(1, 2), EventRules.NONE, EventTime.nanos(now)));
  }

  private static void write(FrameWriter writer, EventBatch batch, long firstSequence) {
    writer.begin(0, firstSequence);
    writer.beginGroup(batch.tenantId(), batch.receivedNanos());
    for (int i = 0; i < batch.count(); i++) {
      writer.add(batch, i, false);
    }
    writer.endGroup();
    writer.end();
  }

  /** The next frame; not to be changed. */
  byte[] next() {
    return frames.get(next++ % COUNT);
  }

  int eventBytes() {
    return eventBytes;
  }

  int frameBytes() {
    return frames.get(0).length;
  }
}
