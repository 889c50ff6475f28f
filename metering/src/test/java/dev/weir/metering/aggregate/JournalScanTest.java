package dev.weir.metering.aggregate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weir.metering.aggregate.Corrected.Entry;
import dev.weir.metering.aggregate.Corrected.Sent;
import dev.weir.metering.journal.Flusher;
import dev.weir.metering.journal.JournalLane;
import dev.weir.metering.journal.JournalPosition;
import dev.weir.metering.journal.JournalWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalScanTest {

  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2026-03-05T12:00:00Z"));

  @TempDir
  Path directory;

  @Test
  void everyRecordUpToThePositionIsVisitedOnce() throws Exception {
    try (JournalLane first = JournalLane.open(directory, 0, CLOCK);
        JournalLane second = JournalLane.open(directory, 1, CLOCK)) {
      for (JournalLane lane : List.of(first, second)) {
        try (JournalWriter writer = lane.writer(Flusher.FORCE, 0)) {
          for (int i = 0; i < 3; i++) {
            Sent sent = new Sent(lane.number() + "-" + i, "s", "", 1, "1");
            byte[] frame = Corrected.frame(
                lane.number(), 1 + 2L * i, List.of(new Entry(sent, ""), new Entry(sent, "")));
            writer.append(frame, frame.length);
          }
        }
      }
      List<String> visited = new ArrayList<>();
      new JournalScan(List.of(first, second))
          .visit(
              List.of(),
              new JournalPosition(new TreeMap<>(Map.of(0, 3L))),
              (lane, record) -> visited.add(lane + ":" + record.sequence() + " " + record.id()));
      assertEquals(List.of("0:1 0-0", "0:2 0-0", "0:3 0-1"), visited);
      visited.clear();
      new JournalScan(List.of(first, second))
          .visit(
              List.of(),
              new JournalPosition(new TreeMap<>(Map.of(0, 6L, 1, 2L))),
              (lane, record) -> visited.add(lane + ":" + record.sequence()));
      assertEquals(List.of("0:1", "0:2", "0:3", "0:4", "0:5", "0:6", "1:1", "1:2"), visited);
    }
  }
}
