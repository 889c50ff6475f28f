package dev.weir.metering.detail;

import static dev.weir.metering.TestMetering.event;
import static dev.weir.metering.database.TestDatabase.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.metering.MeteringError;
import dev.weir.metering.Refusal;
import dev.weir.metering.TestMetering;
import dev.weir.metering.aggregate.Corrected.Sent;
import dev.weir.metering.aggregate.UsageOracle;
import dev.weir.metering.asof.AsOfQueries;
import dev.weir.metering.asof.SubjectRecords;
import dev.weir.metering.correction.Correction;
import dev.weir.metering.correction.Corrections;
import dev.weir.metering.database.TestDatabase;
import dev.weir.metering.event.EventTime;
import dev.weir.metering.explorer.EventFilter;
import dev.weir.metering.meter.Aggregation;
import dev.weir.metering.meter.JsonPath;
import dev.weir.metering.meter.Meter;
import dev.weir.metering.meter.MeterDefinition;
import dev.weir.metering.meter.MeterOptions;
import dev.weir.metering.meter.QuantityRounding;
import dev.weir.metering.usage.UsageQuery;
import dev.weir.metering.usage.UsageRow;
import dev.weir.metering.usage.WindowSize;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ranges that begin or end within a minute are answered to the event. */
class SecondBoundsIT {

  /** Three minutes before a day begins on Lord Howe. */
  private static final Instant START = Instant.parse("2026-03-01T12:57:00Z");

  private static final int SECONDS = 8 * 60;

  private static final String[] VALUES = {
    "0", "1", "-1", "0.1", "2.50", "-0.3", "1e3", "1000.0", "\"2.5\"", "99999999999999999999.5"
  };

  @TempDir
  Path directory;

  private TestDatabase test;
  private TestMetering metering;
  private Corrections corrections;
  private JournalRecords records;
  private AsOfQueries earlier;
  private final Map<String, Sent> live = new TreeMap<>();

  @BeforeEach
  void start() throws Exception {
    test = TestDatabase.create();
    metering = TestMetering.start(test, test.newTenant(), directory, 2);
    corrections = metering.engine().corrections(metering.engine().explorer()::find);
    SubjectRecords indexed = (tenant, subject, from, to, upTo, consumer) -> metering
        .engine()
        .explorer()
        .records(
            tenant,
            subject,
            new EventFilter.Range(Math.max(0, from), to),
            upTo == null ? metering.engine().ingest().flushed() : upTo,
            (lane, record) -> consumer.accept(record.copy(lane)));
    records = metering.engine().journalRecords(indexed);
    earlier = metering.engine().asOfQueries(indexed);
  }

  @AfterEach
  void stop() throws Exception {
    await(earlier.close());
    await(records.close());
    await(corrections.close());
    metering.close();
    test.close();
  }

  private UsageQueries queries(Instant now) {
    return new UsageQueries(test.database(), records, InstantSource.fixed(now));
  }

  private int defined;

  private Meter meter(Aggregation aggregation, MeterOptions options) {
    return await(metering
        .engine()
        .addMeter(new MeterDefinition(
                "m" + defined++,
                null,
                "call",
                aggregation,
                aggregation.takesValue() ? "$.n" : null,
                Map.of("model", "$.m"),
                Map.of(),
                options)
            .toMeter(UUID.randomUUID(), metering.tenant(), TestMetering.NOW)));
  }

  private List<Meter> meters() {
    List<Meter> meters = new ArrayList<>();
    for (Aggregation aggregation : Aggregation.values()) {
      BigDecimal percentile = aggregation == Aggregation.PERCENTILE ? new BigDecimal("90") : null;
      meters.add(meter(
          aggregation,
          new MeterOptions(
              percentile,
              List.of(),
              aggregation == Aggregation.AVG
                  ? new QuantityRounding(QuantityRounding.Mode.HALF_EVEN, 3)
                  : null,
              aggregation == Aggregation.LATEST,
              null,
              operation(aggregation))));
    }
    ZoneId zone = ZoneId.of("Australia/Lord_Howe");
    for (Aggregation level : List.of(Aggregation.WEIGHTED_SUM, Aggregation.WEIGHTED_UNIQUE_COUNT)) {
      meters.add(
          meter(level, new MeterOptions(null, List.of(), null, false, zone, operation(level))));
    }
    return meters;
  }

  private static JsonPath operation(Aggregation aggregation) {
    return aggregation == Aggregation.WEIGHTED_UNIQUE_COUNT ? JsonPath.parse("$.o", "") : null;
  }

  private Sent sent(Random random, String id) {
    long second = random.nextInt(12) == 0 ? -100_000 : random.nextInt(SECONDS);
    return new Sent(
        id,
        "s" + random.nextInt(2),
        random.nextInt(3) == 0 ? "" : "m" + random.nextInt(2),
        EventTime.nanos(START.plusSeconds(second))
            + (random.nextBoolean() ? 0 : random.nextLong(EventTime.NANOS_PER_SECOND)),
        VALUES[random.nextInt(VALUES.length)]);
  }

  private static String json(Sent sent) {
    return event(
        sent.id(), EventTime.instant(sent.nanos()).toString(), sent.subject(), sent.data());
  }

  private void correct(String id, Sent replacement) {
    await(corrections.apply(
        metering.context(),
        new Corrections.Author(metering.tenant(), "ann"),
        List.of(new Correction(
            id, null, null, "mend", replacement == null ? null : json(replacement)))));
    live.remove(id);
    if (replacement != null) {
      live.put(id, replacement);
    }
  }

  /** Events that come late and in any order, of which some are taken back or replaced. */
  private void live(Random random) {
    for (int batch = 0; batch < 8; batch++) {
      StringBuilder lines = new StringBuilder();
      for (int i = 0; i < 40; i++) {
        Sent event = sent(random, "e" + (batch * 40 + i));
        live.put(event.id(), event);
        lines.append(json(event)).append('\n');
      }
      metering.send(lines.toString());
    }
    for (int i = 0; i < 40; i++) {
      String id = "e" + random.nextInt(320);
      if (live.containsKey(id)) {
        correct(id, random.nextBoolean() ? null : sent(random, id));
      }
    }
    await(metering.engine().awaitAllVisible(Duration.ofMinutes(2)));
  }

  private static UsageQuery query(Random random, Meter meter, boolean onMinutes) {
    long first = random.nextInt(SECONDS - 120);
    long last = first + 1 + random.nextInt(random.nextBoolean() ? 60 : SECONDS);
    Instant from = START.plusSeconds(onMinutes ? first - first % 60 : first);
    Instant to = START.plusSeconds(onMinutes ? last - last % 60 + 60 : last);
    int open = random.nextInt(6);
    WindowSize[] sizes = {
      null, null, WindowSize.MINUTE, WindowSize.HOUR, WindowSize.DAY, WindowSize.MONTH
    };
    return new UsageQuery(
        meter,
        open == 0 ? null : from,
        open == 1 ? null : to,
        random.nextInt(3) == 0 ? Set.of("s1", "nobody") : Set.of(),
        random.nextInt(3) == 0 ? Map.of("model", Set.of("m0", "")) : Map.of(),
        random.nextBoolean() ? List.of("model") : List.of(),
        random.nextBoolean(),
        sizes[random.nextInt(sizes.length)],
        ZoneId.of(random.nextBoolean() ? "UTC" : "Australia/Lord_Howe"));
  }

  private static List<String> print(UsageQuery query, List<UsageRow> rows) {
    return rows.stream()
        .map(row -> row.value() + " " + row.windowStart() + " " + row.windowEnd() + " "
            + (query.bySubject() ? row.subject() : "-") + " "
            + (query.groupBy().isEmpty() ? "-" : "[" + row.groupBy().get("model") + "]"))
        .toList();
  }

  private List<UsageRow> rows(UsageQuery query, Instant now) {
    return await(queries(now).query(metering.tenant(), query.meter().key(), meter -> query))
        .rows();
  }

  /** Whatever is read of the events, by what the clock says, and also from the journal alone. */
  @Test
  void everyRangeInSecondsGivesWhatTheEventsComeTo() {
    long seed = 20_261_122;
    Random random = new Random(seed);
    List<Meter> meters = meters();
    live(random);
    String position = metering.engine().ingest().flushed().toString();
    int answered = 0;
    for (Meter meter : meters) {
      for (int i = 0; i < 40; i++) {
        UsageQuery query = query(random, meter, false);
        List<String> expected = UsageOracle.rows(query, List.copyOf(live.values()));
        String what = "seed %d, %s".formatted(seed, query);
        Instant inRange = START.plusSeconds(random.nextInt(SECONDS));
        for (Instant now : List.of(Instant.EPOCH, TestMetering.NOW, inRange)) {
          assertEquals(expected, print(query, rows(query, now)), what + " at " + now);
        }
        List<UsageRow> known = await(
                earlier.query(metering.tenant(), meter.key(), found -> query, position))
            .rows();
        assertEquals(expected, print(query, known), what);
        answered += expected.size();
      }
    }
    assertTrue(answered > 800, "rows " + answered);
  }

  @Test
  void aRangeOnMinutesGivesTheSameByBothWays() {
    long seed = 20_261_123;
    Random random = new Random(seed);
    List<Meter> meters = meters();
    live(random);
    UsageQueries queries = queries(TestMetering.NOW);
    for (Meter meter : meters) {
      for (int i = 0; i < 15; i++) {
        UsageQuery query = query(random, meter, true);
        assertEquals(
            await(queries.query(metering.tenant(), meter.key(), found -> query)).rows(),
            await(queries.withinMinutes(metering.tenant(), meter.key(), found -> query))
                .rows(),
            "seed %d, %s".formatted(seed, query));
      }
    }
  }

  private static UsageQuery total(Meter meter, String from, String to) {
    return UsageQuery.total(meter, Instant.parse(from), Instant.parse(to), Set.of(), Map.of());
  }

  private String value(UsageQuery query) {
    return rows(query, TestMetering.NOW).stream()
        .map(row -> row.value() + " " + row.windowStart() + " " + row.windowEnd())
        .findFirst()
        .orElse("none");
  }

  @Test
  void fractionsOfASecondAreDroppedAndWhatIsEmptyThenIsRefused() {
    Meter sum = meter(Aggregation.SUM, MeterOptions.NONE);
    metering.send(event("a", "2026-03-01T10:00:29.999999999Z", "s", "{\"n\":1}") + "\n"
        + event("b", "2026-03-01T10:00:30Z", "s", "{\"n\":10}"));
    await(metering.engine().awaitAllVisible(Duration.ofMinutes(2)));
    assertEquals(
        "1 2026-03-01T10:00:29Z 2026-03-01T10:00:30Z",
        value(total(sum, "2026-03-01T10:00:29.999Z", "2026-03-01T10:00:30.001Z")));
    assertEquals(
        "10 2026-03-01T10:00:30Z 2026-03-01T10:00:31Z",
        value(total(sum, "2026-03-01T10:00:30.9Z", "2026-03-01T10:00:31.9Z")));
    assertEquals("none", value(total(sum, "2026-03-01T10:00:31Z", "2026-03-01T10:01:59Z")));
    Refusal refusal = assertThrows(
        Refusal.class, () -> value(total(sum, "2026-03-01T10:00:30.1Z", "2026-03-01T10:00:30.9Z")));
    assertEquals(MeteringError.USAGE_RANGE_INVALID, refusal.code());
    Refusal unknown = assertThrows(
        Refusal.class,
        () -> await(queries(TestMetering.NOW)
            .withinMinutes(metering.tenant(), "none", meter -> total(sum, "", ""))));
    assertEquals(MeteringError.METER_NOT_FOUND, unknown.code());
    Refusal dimension = assertThrows(
        Refusal.class,
        () -> rows(
            new UsageQuery(
                sum,
                START.plusSeconds(1),
                null,
                Set.of(),
                Map.of(),
                List.of("other"),
                false,
                null,
                ZoneOffset.UTC),
            TestMetering.NOW));
    assertEquals(MeteringError.USAGE_GROUP_UNKNOWN, dimension.code());
  }

  @Test
  void aMeterCountsFromItsStartAndWithItsFilterHereToo() {
    String first = "2026-03-01T10:00:40Z";
    metering.send(event("before", first, "s", "{\"n\":100}"));
    Meter sum = await(metering
        .engine()
        .addMeter(metering.define(
            "filtered", Aggregation.SUM, "$.n", Map.of(), Map.of("$.m", List.of("a")))));
    metering.send(event("a", first, "s", "{\"n\":1,\"m\":\"a\"}") + "\n"
        + event("b", first, "s", "{\"n\":10,\"m\":\"b\"}") + "\n"
        + event("c", "2026-03-01T10:01:00Z", "s", "{\"n\":0.5,\"m\":\"a\"}"));
    await(metering.engine().awaitAllVisible(Duration.ofMinutes(2)));
    assertEquals(
        "1.5 2026-03-01T10:00:31Z 2026-03-01T10:01:02Z",
        value(total(sum, "2026-03-01T10:00:31Z", "2026-03-01T10:01:02Z")));
  }

  /** Days there began half a minute after a whole one. */
  @Test
  void daysThatBeginWithinAMinuteCountFromThen() {
    Meter level = meter(
        Aggregation.WEIGHTED_SUM,
        new MeterOptions(null, List.of(), null, false, ZoneId.of("Africa/Monrovia")));
    metering.send(event("a", "1970-02-01T20:00:00Z", "s", "{\"n\":60}"));
    await(metering.engine().awaitAllVisible(Duration.ofMinutes(2)));
    assertEquals(
        "30 1970-02-01T00:44:20Z 1970-02-01T00:44:40Z",
        value(total(level, "1970-02-01T00:44:20Z", "1970-02-01T00:44:40Z")));
    assertEquals(
        "60 1970-02-01T00:44:30Z 1970-02-01T00:45:30Z",
        value(total(level, "1970-02-01T00:44:30Z", "1970-02-01T00:45:30Z")));
    assertEquals("none", value(total(level, "1970-02-01T00:43:30Z", "1970-02-01T00:44:30Z")));
  }

  /** Events that are moved between the whole minute and the range's end are seen once, never twice. */
  @Test
  void windowsAndEventsAreOfOneMoment() throws Exception {
    Meter count = meter(Aggregation.COUNT, MeterOptions.NONE);
    UsageQueries queries = queries(TestMetering.NOW);
    UsageQuery query = total(count, "2026-03-01T10:00:35Z", "2026-03-01T10:02:00Z");
    UsageQuery edge = total(count, "2026-03-01T10:00:35Z", "2026-03-01T10:01:00Z");
    String[] times = {"2026-03-01T10:00:40Z", "2026-03-01T10:01:10Z"};
    metering.send(event("a", times[0], "s", "{}") + "\n" + event("b", times[1], "s", "{}"));
    await(metering.engine().awaitAllVisible(Duration.ofMinutes(2)));
    AtomicBoolean stop = new AtomicBoolean();
    Thread mover = new Thread(() -> {
      for (int i = 1; !stop.get(); i++) {
        String time = times[i % 2];
        await(corrections.apply(
            metering.context(),
            new Corrections.Author(metering.tenant(), "ann"),
            List.of(new Correction("a", null, null, "moved", event("a", time, "s", "{}")))));
      }
    });
    mover.start();
    try {
      Set<String> seen = new TreeSet<>();
      for (int i = 0; i < 40 || seen.size() < 2; i++) {
        List<UsageRow> rows =
            await(queries.query(metering.tenant(), count.key(), meter -> query)).rows();
        assertEquals("2", rows.get(0).value().toString(), "query " + i);
        seen.add(value(edge));
      }
    } finally {
      stop.set(true);
      mover.join();
    }
  }
}
