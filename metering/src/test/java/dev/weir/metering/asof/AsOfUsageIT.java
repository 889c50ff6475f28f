package dev.weir.metering.asof;

import static dev.weir.metering.TestMetering.event;
import static dev.weir.metering.database.TestDatabase.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.weir.metering.MeteringError;
import dev.weir.metering.Refusal;
import dev.weir.metering.TestMetering;
import dev.weir.metering.correction.Correction;
import dev.weir.metering.correction.Corrections;
import dev.weir.metering.correction.JournalHistory;
import dev.weir.metering.database.TestDatabase;
import dev.weir.metering.journal.JournalPosition;
import dev.weir.metering.meter.Aggregation;
import dev.weir.metering.meter.JsonPath;
import dev.weir.metering.meter.Meter;
import dev.weir.metering.meter.MeterDefinition;
import dev.weir.metering.meter.MeterOptions;
import dev.weir.metering.usage.UsageQuery;
import dev.weir.metering.usage.UsageRow;
import dev.weir.metering.usage.WindowSize;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AsOfUsageIT {

  private static final Instant FROM = Instant.parse("2026-03-01T00:00:00Z");

  @TempDir
  Path directory;

  private TestDatabase test;
  private TestMetering metering;
  private JournalHistory history;
  private Corrections corrections;
  private AsOfQueries queries;

  @BeforeEach
  void start() throws Exception {
    test = TestDatabase.create();
    metering = TestMetering.start(test, test.newTenant(), directory, 2);
    history = new JournalHistory(directory);
    corrections = metering.engine().corrections(history);
    queries = metering.engine().asOfQueries(history::visit);
  }

  @AfterEach
  void stop() throws Exception {
    await(queries.close());
    await(corrections.close());
    metering.close();
    test.close();
  }

  private String position() {
    return metering.engine().ingest().flushed().toString();
  }

  private List<UsageRow> asOf(UsageQuery query, String asOf) {
    return await(queries.query(metering.tenant(), query.meter().key(), meter -> query, asOf))
        .rows();
  }

  private String total(Meter meter, String asOf) {
    return asOf(TestMetering.all(meter), asOf).stream()
        .map(row -> row.value().toString())
        .findFirst()
        .orElse("none");
  }

  private void correct(Correction correction) {
    await(corrections.apply(
        metering.context(), new Corrections.Author(metering.tenant(), "ann"), List.of(correction)));
  }

  @Test
  void whatCameLaterIsNotKnownAndWhatWasVoidedLaterStillCounts() {
    Meter sum = metering.meter("sum", Aggregation.SUM, "$.n", Map.of());
    Meter max = metering.meter("max", Aggregation.MAX, "$.n", Map.of());
    String time = "2026-03-04T10:00:00Z";
    String nothing = position();
    metering.send(event("a", time, "s", "{\"n\":1}") + "\n" + event("b", time, "s", "{\"n\":5}"));
    String two = position();
    metering.send(event("c", "2026-03-01T00:00:00Z", "other", "{\"n\":100}"));
    String three = position();
    correct(new Correction("c", null, null, "wrong", null));
    String voided = position();
    correct(new Correction("b", null, null, "wrong", event("b", time, "s", "{\"n\":7}")));
    String replaced = position();

    assertEquals(
        List.of("none", "6", "106", "6", "8"),
        List.of(nothing, two, three, voided, replaced).stream()
            .map(at -> total(sum, at))
            .toList());
    assertEquals(
        List.of("none", "5", "100", "5", "7"),
        List.of(nothing, two, three, voided, replaced).stream()
            .map(at -> total(max, at))
            .toList());
    assertEquals("8", metering.total(sum));
    assertEquals("8", total(sum, TestMetering.NOW.toString()));
    assertEquals("none", total(sum, TestMetering.NOW.minusNanos(1).toString()));
  }

  @Test
  void aMomentThatIsNoneIsRefused() {
    metering.meter("sum", Aggregation.SUM, "$.n", Map.of());
    for (String moment :
        List.of("0:1", "0:x", "T", "2026-03-05T12:00:01Z", "1969-12-31T23:59:59Z")) {
      Refusal refusal = assertThrows(
          Refusal.class, () -> AsOf.parse(moment, JournalPosition.START, TestMetering.NOW), moment);
      assertEquals("asOf", refusal.field(), moment);
    }
    Refusal unknown = assertThrows(
        Refusal.class,
        () -> await(queries.query(metering.tenant(), "none", TestMetering::all, position())));
    assertEquals(MeteringError.METER_NOT_FOUND, unknown.code());
  }

  /** Two implementations of every aggregation, one in SQL and one in memory, must agree. */
  @Test
  void asOfNowIsTheSameAsNow() {
    long seed = 20_261_121;
    Random random = new Random(seed);
    List<Meter> meters = new ArrayList<>();
    for (Aggregation aggregation : Aggregation.values()) {
      MeterOptions options =
          aggregation == Aggregation.PERCENTILE ? MeterOptions.percentile("90") : MeterOptions.NONE;
      String value = aggregation.takesValue() ? "$.n" : null;
      meters.add(add(aggregation, value, options));
    }
    meters.add(add(
        Aggregation.WEIGHTED_SUM,
        "$.n",
        new MeterOptions(null, List.of(), null, true, ZoneId.of("Asia/Kathmandu"))));
    for (String zone : List.of("", "Asia/Kathmandu")) {
      meters.add(add(
          Aggregation.WEIGHTED_UNIQUE_COUNT,
          "$.n",
          new MeterOptions(
              null,
              List.of(),
              null,
              false,
              zone.isEmpty() ? null : ZoneId.of(zone),
              JsonPath.parse("$.o", ""))));
    }
    for (int batch = 0; batch < 12; batch++) {
      StringBuilder lines = new StringBuilder();
      for (int i = 0; i < 25; i++) {
        lines.append(randomEvent(random)).append('\n');
      }
      metering.send(lines.toString());
    }
    for (int i = 0; i < 20; i++) {
      String id = "e" + random.nextInt(200);
      correct(new Correction(
          id, null, null, "mend", random.nextBoolean() ? null : randomEvent(random, id)));
    }
    for (Meter meter : meters) {
      for (int i = 0; i < 12; i++) {
        UsageQuery query = query(random, meter);
        assertEquals(
            metering.query(query), asOf(query, position()), "seed %d, %s".formatted(seed, query));
      }
    }
  }

  private int defined;

  private Meter add(Aggregation aggregation, String value, MeterOptions options) {
    return await(metering
        .engine()
        .addMeter(new MeterDefinition(
                "m" + defined++,
                null,
                "call",
                aggregation,
                value,
                Map.of("g", "$.g", "h", "$.h"),
                Map.of(),
                options)
            .toMeter(UUID.randomUUID(), metering.tenant(), TestMetering.NOW)));
  }

  private static String randomEvent(Random random) {
    return randomEvent(random, "e" + random.nextInt(200));
  }

  private static String randomEvent(Random random, String id) {
    Instant time = FROM.plusSeconds(random.nextInt(4 * 24 * 60) * 60L + random.nextInt(60));
    String n = random.nextBoolean()
        ? Integer.toString(random.nextInt(7) - 2)
        : "\"%d.%03d\"".formatted(random.nextInt(5), random.nextInt(3));
    return TestMetering.event(
        id,
        time.toString(),
        "s" + random.nextInt(3),
        "{\"n\":%s,\"g\":\"%s\",\"h\":%d%s}"
            .formatted(
                n,
                random.nextBoolean() ? "ä" : "z",
                random.nextInt(2),
                random.nextInt(3) == 0 ? ",\"o\":\"remove\"" : ""));
  }

  private static UsageQuery query(Random random, Meter meter) {
    Instant from = random.nextInt(4) == 0 ? null : FROM.plusSeconds(random.nextInt(2_880) * 60L);
    Instant to = random.nextInt(4) == 0
        ? null
        : (from == null ? FROM : from).plusSeconds((1 + random.nextInt(4_000)) * 60L);
    WindowSize[] sizes = {null, WindowSize.MINUTE, WindowSize.HOUR, WindowSize.DAY, WindowSize.MONTH
    };
    return new UsageQuery(
        meter,
        from,
        to,
        random.nextInt(3) == 0 ? Set.of("s1", "nobody") : Set.of(),
        random.nextInt(3) == 0 ? Map.of("g", Set.of("z")) : Map.of(),
        random.nextBoolean() ? List.of("h", "g") : List.of(),
        random.nextBoolean(),
        sizes[random.nextInt(sizes.length)],
        ZoneId.of(random.nextBoolean() ? "UTC" : "Australia/Lord_Howe"));
  }
}
