package dev.weir.metering.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.weir.metering.dedup.IdentityKey;
import dev.weir.metering.event.EventBatch;
import dev.weir.metering.event.EventDecoder;
import dev.weir.metering.event.EventLimits;
import dev.weir.metering.event.EventRules;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The largest frames that ingest may make. */
class JournalLimitsTest {

  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2026-03-05T12:00:00Z"));

  @TempDir
  Path directory;

  @Test
  void framesOfTheLargestSizeReadBack() throws Exception {
    int events = 6;
    int dataBytes = 3 * 1024 * 1024;
    try (JournalLane lane = JournalLane.open(directory, 0, CLOCK)) {
      JournalWriter writer = lane.writer(Flusher.FORCE, 0);
      FrameWriter frame = new FrameWriter();
      for (int i = 0; i < 8; i++) {
        EventBatch batch = batch(i, events, dataBytes);
        frame.begin(0, 1 + (long) i * events);
        frame.beginGroup(batch.tenantId(), batch.receivedNanos());
        for (int k = 0; k < events; k++) {
          frame.add(batch, k, false);
        }
        frame.endGroup();
        frame.end();
        assertEquals(true, writer.hasRoom());
        writer.append(frame.array(), frame.length());
      }
      writer.close();
    }
    try (JournalLane lane = JournalLane.open(directory, 0, CLOCK);
        JournalReader reader = lane.reader()) {
      for (int i = 0; i < 8; i++) {
        Frame frame = reader.next();
        assertNotNull(frame);
        assertEquals((i + 1L) * events, frame.lastSequence());
        frame.forEach(record -> assertEquals(dataBytes + 8, record.dataLength()));
      }
      assertNull(reader.next());
    }
  }

  private static EventBatch batch(int number, int events, int dataBytes) {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < events; i++) {
      lines
          .append("{\"id\":\"")
          .append(number * events + i)
          .append("\",\"source\":\"s\",\"type\":\"t\",\"subject\":\"c\",\"data\":{\"x\":\"")
          .append("x".repeat(dataBytes))
          .append("\"}}\n");
    }
    return new EventDecoder(EventLimits.DEFAULT)
        .decodeLines(
            lines.toString().getBytes(StandardCharsets.UTF_8),
            new EventDecoder.Sender(new UUID(1, 2), new IdentityKey(3, 4), EventRules.NONE, 5));
  }
}
