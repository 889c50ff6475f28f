package dev.weir.metering.aggregate;

import static dev.weir.metering.database.TestDatabase.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.metering.aggregate.Corrected.Entry;
import dev.weir.metering.aggregate.Corrected.Sent;
import dev.weir.metering.database.TestDatabase;
import dev.weir.metering.event.Decoding;
import dev.weir.metering.event.EventTime;
import dev.weir.metering.journal.Frames;
import dev.weir.metering.journal.JournalPosition;
import dev.weir.metering.meter.ActiveMeter;
import dev.weir.metering.meter.Aggregation;
import dev.weir.metering.meter.JsonPath;
import dev.weir.metering.meter.Meter;
import dev.weir.metering.meter.MeterDefinition;
import dev.weir.metering.meter.MeterOptions;
import dev.weir.metering.meter.QuantityRounding;
import dev.weir.metering.usage.UsageQuery;
import dev.weir.metering.usage.UsageRow;
import dev.weir.metering.usage.UsageStore;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
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

  static WindowMonths months(TestDatabase test) {
    return new WindowMonths(test.database(), InstantSource.fixed(START));
  }

  @BeforeAll
  static void start() {
    test = TestDatabase.create();
  }

  @AfterAll
  static void stop() {
    test.close();
  }

  private static Meter meter(Aggregation aggregation, MeterOptions options) {
    return new MeterDefinition(
            "m",
            null,
            "call",
            aggregation,
            aggregation.takesValue() ? "$.n" : null,
            Map.of("model", "$.m"),
            Map.of(),
            options)
        .toMeter(UUID.randomUUID(), Decoding.TENANT, START);
  }

  /** Each aggregation, and those for which options make a difference once more with them. */
  static List<Meter> meters() {
    List<Meter> meters = new ArrayList<>();
    for (Aggregation aggregation : Aggregation.values()) {
      BigDecimal percentile =
          aggregation == Aggregation.PERCENTILE ? new BigDecimal("66.6667") : null;
      meters.add(meter(
          aggregation,
          new MeterOptions(percentile, List.of(), null, false, null, operation(aggregation))));
      meters.add(meter(
          aggregation,
          new MeterOptions(
              percentile,
              List.of(),
              new QuantityRounding(
                  QuantityRounding.Mode.HALF_EVEN, aggregation == Aggregation.SUM ? -1 : 2),
              aggregation != Aggregation.MIN,
              aggregation.isLevel() ? ZoneId.of("Australia/Lord_Howe") : null,
              operation(aggregation))));
    }
    return meters;
  }

  private static JsonPath operation(Aggregation aggregation) {
    return aggregation == Aggregation.WEIGHTED_UNIQUE_COUNT ? JsonPath.parse("$.o", "") : null;
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

  static void write(TestDatabase test, List<Meter> meters, List<Sent> events) {
    MeterCatalog catalog = new MeterCatalog();
    catalog.replaceAll(meters.stream()
        .map(meter -> new ActiveMeter(meter, JournalPosition.START, null))
        .toList());
    WindowFlush flush =
        new WindowFlush(test.database(), (places, upTo, visitor) -> {}, months(test));
    long before = flush.addLanes(List.of(0)).get(0).sequence();
    WindowFold fold = new WindowFold(catalog);
    fold.fold(Frames.load(Corrected.frame(
        0, before + 1, events.stream().map(sent -> new Entry(sent, "")).toList())));
    flush.write(List.of(new WindowStore.Advance(0, before, before + events.size(), 1)), fold);
  }

  static String print(UsageQuery query, UsageRow row) {
    return row.value() + " " + row.windowStart() + " " + row.windowEnd() + " "
        + (query.bySubject() ? row.subject() : "-") + " "
        + (query.groupBy().isEmpty() ? "-" : "[" + row.groupBy().get("model") + "]");
  }

  static List<String> rows(TestDatabase test, UsageQuery query) {
    return await(test.database().inTenant(Decoding.TENANT, c -> new UsageStore().query(c, query)))
        .stream()
        .map(row -> print(query, row))
        .toList();
  }

  @Test
  void everyQueryGivesWhatTheEventsComeTo() {
    int answered = 0;
    for (long seed = 0; seed < 2; seed++) {
      Random random = new Random(seed);
      List<Sent> events = events(random);
      List<Meter> meters = meters();
      write(test, meters, events);
      for (Meter meter : meters) {
        for (int i = 0; i < 30; i++) {
          UsageQuery query = UsageOracle.query(meter, random, START, MINUTES);
          List<String> rows = rows(test, query);
          assertEquals(
              UsageOracle.rows(query, events), rows, "seed " + seed + ", query " + i + " " + query);
          answered += rows.size();
        }
      }
    }
    assertTrue(answered > 10_000, "rows " + answered);
  }
}
