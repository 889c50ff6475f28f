package dev.weir.metering.aggregate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.metering.aggregate.Corrected.Entry;
import dev.weir.metering.aggregate.Corrected.Sent;
import dev.weir.metering.database.TestDatabase;
import dev.weir.metering.event.EventTime;
import dev.weir.metering.meter.Meter;
import dev.weir.metering.usage.UsageQuery;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Every query against the plain answer from the events themselves. */
class UsagePropertyIT {

  /** Four weeks around clock changes: of New York and St John's, Berlin, and Lord Howe. */
  private static final Instant START = Instant.parse("2026-03-07T00:00:00Z");

  private static final int MINUTES = 30 * 1_440;

  private static final String[] VALUES = {
    "0", "1", "-1", "0.1", "2.50", "-0.3", "1e3", "1000.0", "\"2.5\"", "7", "12345678901234.5"
  };

  private static TestDatabase test;

  @BeforeAll
  static void start() {
    test = TestDatabase.create();
  }

  @AfterAll
  static void stop() {
    test.close();
  }

  static List<Sent> events(Random random) {
    List<Sent> events = new ArrayList<>();
    long start = EventTime.nanos(START);
    for (int i = 0; i < 120; i++) {
      long nanos = start + random.nextLong(MINUTES * EventTime.NANOS_PER_MINUTE);
      // Many lie on whole minutes and hours, where boundaries are.
      long grain = switch (random.nextInt(3)) {
        case 0 -> 30 * EventTime.NANOS_PER_MINUTE;
        case 1 -> EventTime.NANOS_PER_MINUTE;
        default -> 1;
      };
      events.add(new Sent(
          "e" + i,
          "s" + random.nextInt(2),
          random.nextInt(3) == 0 ? "" : "m" + random.nextInt(2),
          nanos - nanos % grain,
          VALUES[random.nextInt(VALUES.length)]));
    }
    return events;
  }

  private static void write(TestDatabase test, List<Meter> meters, List<Sent> events) {
    LaneFlush flush = new LaneFlush(
        test.database(), meters, (places, upTo, visitor) -> {}, InstantSource.fixed(START));
    flush.fold(Corrected.frame(
        0, flush.flushed() + 1, events.stream().map(sent -> new Entry(sent, "")).toList()));
    flush.write();
  }

  @Test
  void everyQueryGivesWhatTheEventsComeTo() {
    int answered = 0;
    for (long seed = 0; seed < 2; seed++) {
      Random random = new Random(seed);
      List<Sent> events = events(random);
      List<Meter> meters = UsageCases.meters();
      write(test, meters, events);
      for (Meter meter : meters) {
        for (int i = 0; i < 30; i++) {
          UsageQuery query = UsageOracle.query(meter, random, START, MINUTES);
          List<String> rows = UsageCases.rows(test, query);
          assertEquals(
              UsageOracle.rows(query, events), rows, "seed " + seed + ", query " + i + " " + query);
          answered += rows.size();
        }
      }
    }
    assertTrue(answered > 10_000, "rows " + answered);
  }
}
