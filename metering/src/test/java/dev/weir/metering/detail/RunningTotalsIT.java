package dev.weir.metering.detail;

import static dev.weir.metering.TestMetering.event;
import static dev.weir.metering.database.TestDatabase.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.metering.MeteringError;
import dev.weir.metering.Quantity;
import dev.weir.metering.Refusal;
import dev.weir.metering.TestMetering;
import dev.weir.metering.correction.Correction;
import dev.weir.metering.correction.Corrections;
import dev.weir.metering.correction.JournalHistory;
import dev.weir.metering.database.TestDatabase;
import dev.weir.metering.event.EventTime;
import dev.weir.metering.journal.JournaledEvent;
import dev.weir.metering.meter.Aggregation;
import dev.weir.metering.meter.Meter;
import dev.weir.metering.meter.MeterDefinition;
import dev.weir.metering.meter.MeterOptions;
import dev.weir.metering.meter.QuantityRounding;
import dev.weir.metering.usage.UsageQuery;
import dev.weir.metering.usage.UsageRow;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Totals from event to event are those of the events, page by page. */
class RunningTotalsIT {

  private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");

  @TempDir
  Path directory;

  private final AtomicReference<Instant> completeFrom = new AtomicReference<>(Instant.MIN);
  private TestDatabase test;
  private TestMetering metering;
  private JournalHistory history;
  private Corrections corrections;
  private JournalRecords records;
  private RunningTotals totals;

  @BeforeEach
  void start() throws Exception {
    test = TestDatabase.create();
    metering = TestMetering.start(test, test.newTenant(), directory, 2);
    history = new JournalHistory(directory);
    corrections = metering.engine().corrections(history);
    records = new JournalRecords(test.vertx(), history::visit, completeFrom::get);
    totals = metering.engine().runningTotals(records);
  }

  @AfterEach
  void stop() throws Exception {
    await(records.close());
    await(corrections.close());
    metering.close();
    test.close();
  }

  private static UsageQuery range(Meter meter, Instant from, Instant to, Set<String> subjects) {
    return new UsageQuery(
        meter, from, to, subjects, Map.of(), List.of(), false, null, ZoneOffset.UTC);
  }

  private RunningTotalPage page(
      UsageQuery events, String until, int limit, RunningTotalCursor cursor) {
    return await(totals.page(
        metering.tenant(),
        events.meter().key(),
        meter -> new RunningTotalQuery(
            events, until == null ? null : Quantity.of(until), limit, cursor)));
  }

  private static List<String> print(List<RunningTotal> totals) {
    return totals.stream()
        .map(total -> "%s %s %s %s %s"
            .formatted(total.id(), total.subject(), total.time(), total.value(), total.total()))
        .toList();
  }

  private void visible() {
    await(metering.engine().awaitAllVisible(Duration.ofMinutes(2)));
  }

  private static String at(String time, String id, String n) {
    return event(id, "2026-03-04T" + time, "s", "{\"n\":" + n + "}");
  }

  @Test
  void theAnswerEndsWithTheEventThatPassesTheThreshold() {
    Meter sum = metering.meter("sum", Aggregation.SUM, "$.n", Map.of());
    metering.send(at("10:00:02Z", "c", "12") + "\n" + at("10:00:01Z", "b", "17.5") + "\n"
        + at("10:00:00Z", "a", "0.5") + "\n" + at("10:00:03Z", "d", "1"));
    visible();
    UsageQuery all = range(sum, null, null, Set.of("s"));
    RunningTotalPage page = page(all, "18", 10, null);
    assertEquals(
        List.of(
            "a s 2026-03-04T10:00:00Z 0.5 0.5",
            "b s 2026-03-04T10:00:01Z 17.5 18",
            "c s 2026-03-04T10:00:02Z 12 30"),
        print(page.totals()),
        "18 is reached by b and passed by c");
    assertTrue(page.reached());
    assertNull(page.next());
    RunningTotalPage whole = page(all, "31", 10, null);
    assertEquals(4, whole.totals().size());
    assertTrue(!whole.reached() && whole.next() == null, "nothing is greater than all");
    RunningTotalPage one = page(all, "18", 2, null);
    assertTrue(!one.reached() && one.next() != null);
    assertEquals(
        List.of("c s 2026-03-04T10:00:02Z 12 30"),
        print(page(all, "18", 2, one.next()).totals()));
    assertEquals(
        List.of(), page(range(sum, null, null, Set.of()), null, 2, null).totals());
  }

  @Test
  void aCountAndAMeterThatRoundsHaveTheTotalsThatTheyAnswer() {
    Meter count = metering.meter("count", Aggregation.COUNT, null, Map.of());
    MeterOptions whole = new MeterOptions(
        null, List.of(), new QuantityRounding(QuantityRounding.Mode.CEIL, 0), true, null);
    Meter ceiling = await(metering
        .engine()
        .addMeter(new MeterDefinition(
                "ceiling", null, "call", Aggregation.SUM, "$.n", Map.of(), Map.of(), whole)
            .toMeter(UUID.randomUUID(), metering.tenant(), TestMetering.NOW)));
    metering.send(at("10:00:00Z", "a", "-0.5") + "\n" + at("10:00:01Z", "b", "1.1") + "\n"
        + at("10:00:02Z", "c", "0.4"));
    visible();
    assertEquals(
        List.of(
            "a s 2026-03-04T10:00:00Z 1 1",
            "b s 2026-03-04T10:00:01Z 1 2",
            "c s 2026-03-04T10:00:02Z 1 3"),
        print(page(range(count, null, null, Set.of("s")), null, 10, null).totals()));
    assertEquals(
        List.of(
            "a s 2026-03-04T10:00:00Z -0.5 0",
            "b s 2026-03-04T10:00:01Z 1.1 1",
            "c s 2026-03-04T10:00:02Z 0.4 1"),
        print(page(range(ceiling, null, null, Set.of("s")), null, 10, null).totals()));
  }

  private static final String[] VALUES = {"1", "-2", "0.25", "\"3.5\"", "1e2", "0"};

  private static String random(Random random, String id) {
    // Mostly within an hour, some far away, and many at the same time.
    Instant time = random.nextInt(10) == 0
        ? START.plusSeconds(random.nextInt(40_000_000))
        : START.plusMillis(random.nextInt(60) * 60_000L + random.nextInt(3));
    return event(
        id,
        time.toString(),
        "s" + random.nextInt(3),
        "{\"n\":%s,\"g\":\"g%d\"}"
            .formatted(VALUES[random.nextInt(VALUES.length)], random.nextInt(2)));
  }

  /** What is left of the journal, in order, added up in the plainest way. */
  private List<String> oracle(UsageQuery query) {
    Map<String, JournaledEvent> live = new TreeMap<>();
    history.all().forEach(record -> {
      if (record.isVoid()) {
        live.remove(record.id());
      } else if (!record.isConflict()) {
        live.put(record.id(), record);
      }
    });
    List<String> rows = new ArrayList<>();
    BigDecimal total = BigDecimal.ZERO;
    List<JournaledEvent> inOrder = live.values().stream()
        .sorted(Comparator.comparingLong(JournaledEvent::timeNanos)
            .thenComparingInt(JournaledEvent::lane)
            .thenComparingLong(JournaledEvent::sequence))
        .toList();
    for (JournaledEvent event : inOrder) {
      Instant time = EventTime.instant(event.timeNanos());
      boolean asked = query.subjects().contains(event.subject())
          && (query.from() == null || !time.isBefore(query.from()))
          && (query.to() == null || time.isBefore(query.to()))
          && (query.filterGroupBy().isEmpty() || event.data().contains("\"g\":\"g1\""));
      if (asked) {
        String n = event.data().replaceAll(".*\"n\":\"?([^,\"]+).*", "$1");
        BigDecimal value =
            query.meter().aggregation() == Aggregation.COUNT ? BigDecimal.ONE : new BigDecimal(n);
        total = total.add(value);
        rows.add("%s %s %s %s %s"
            .formatted(
                event.id(), event.subject(), time, new Quantity(value), new Quantity(total)));
      }
    }
    return rows;
  }

  @Test
  void allPagesTogetherAreTheEventsThatAreLeft() {
    long seed = 20_261_124;
    Random random = new Random(seed);
    Meter sum = metering.meter("sum", Aggregation.SUM, "$.n", Map.of("g", "$.g"));
    Meter count = metering.meter("count", Aggregation.COUNT, null, Map.of("g", "$.g"));
    for (int batch = 0; batch < 6; batch++) {
      StringBuilder lines = new StringBuilder();
      for (int i = 0; i < 30; i++) {
        lines.append(random(random, "e" + (batch * 25 + i))).append('\n');
      }
      metering.send(lines.toString());
    }
    for (int i = 0; i < 25; i++) {
      String id = "e" + random.nextInt(150);
      await(corrections.apply(
          metering.context(),
          new Corrections.Author(metering.tenant(), "ann"),
          List.of(new Correction(
              id, null, null, "mend", random.nextBoolean() ? null : random(random, id)))));
    }
    visible();
    for (int i = 0; i < 40; i++) {
      Instant from = random.nextInt(3) == 0 ? null : START.plusSeconds(random.nextInt(2_000));
      Instant to = random.nextInt(3) == 0 ? null : START.plusSeconds(2_000 + random.nextInt(4_000));
      UsageQuery query = new UsageQuery(
          random.nextBoolean() ? sum : count,
          from,
          to,
          random.nextBoolean() ? Set.of("s1") : Set.of("s0", "s1", "s2", "nobody"),
          random.nextBoolean() ? Map.of() : Map.of("g", Set.of("g1", "other")),
          List.of(),
          false,
          null,
          ZoneOffset.UTC);
      String what = "seed %d, %s".formatted(seed, query);
      List<RunningTotal> found = new ArrayList<>();
      int limit = 1 + random.nextInt(40);
      RunningTotalPage page = page(query, null, limit, null);
      found.addAll(page.totals());
      while (page.next() != null) {
        assertEquals(limit, page.totals().size(), what);
        page = page(query, null, limit, RunningTotalCursor.parse(page.next().toString()));
        found.addAll(page.totals());
      }
      assertEquals(oracle(query), print(found), what);
      List<UsageRow> rows = await(metering
              .engine()
              .usageQueries(records)
              .query(metering.tenant(), query.meter().key(), meter -> query))
          .rows();
      assertEquals(
          rows.isEmpty() ? "none" : rows.get(0).value().toString(),
          found.isEmpty() ? "none" : found.get(found.size() - 1).total().toString(),
          what);
    }
  }

  @Test
  void pagesAreOfOneMomentWhateverComesBetween() {
    Meter sum = metering.meter("sum", Aggregation.SUM, "$.n", Map.of());
    metering.send(at("10:00:00Z", "a", "1") + "\n" + at("10:00:02Z", "c", "4"));
    visible();
    UsageQuery all = range(sum, null, null, Set.of("s"));
    RunningTotalPage first = page(all, null, 1, null);
    metering.send(at("10:00:01Z", "b", "2"));
    await(corrections.apply(
        metering.context(),
        new Corrections.Author(metering.tenant(), "ann"),
        List.of(new Correction("c", null, null, "wrong", null))));
    visible();
    RunningTotalPage second = page(all, null, 5, first.next());
    assertEquals(List.of("c s 2026-03-04T10:00:02Z 4 5"), print(second.totals()));
    assertEquals(first.position(), second.position());
    assertEquals(
        List.of("a s 2026-03-04T10:00:00Z 1 1", "b s 2026-03-04T10:00:01Z 2 3"),
        print(page(all, null, 5, null).totals()));
  }

  /** More events than one slice of time should have. */
  @Test
  void muchAtOnceIsReadInSmallerSlicesAndInPages() {
    Meter count = metering.meter("count", Aggregation.COUNT, null, Map.of());
    for (int batch = 0; batch < 5; batch++) {
      StringBuilder lines = new StringBuilder();
      for (int i = 0; i < 5_000; i++) {
        int n = batch * 5_000 + i;
        lines
            .append(event(
                "e" + n, START.plusMillis(n % 900).plusSeconds(40_000_000).toString(), "s", "{}"))
            .append('\n');
      }
      metering.send(lines.toString());
    }
    visible();
    UsageQuery all = range(count, null, null, Set.of("s"));
    RunningTotalPage page = page(all, "1500", 1_000, null);
    assertEquals(1_000, page.totals().size());
    page = page(all, "1500", 1_000, page.next());
    assertEquals(501, page.totals().size());
    assertEquals("1501", page.totals().get(500).total().toString());
    assertTrue(page.reached());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1",
        "1.2.3",
        "1.0.1~1~0:1~zz",
        "9999999999999999999.0.1~1~0:1~0",
        "1.0.1~1e9~0:1~0",
        "1.0.1~1~0:~0",
        "-1.0.1~1~0:1~0",
        "1.0.1~1~0:1~0 "
      })
  void aCursorThatIsNoneIsRefused(String text) {
    Refusal refusal = assertThrows(Refusal.class, () -> RunningTotalCursor.parse(text));
    assertEquals(MeteringError.USAGE_CURSOR_INVALID, refusal.code());
  }

  private void assertRefused(MeteringError code, String field, UsageQuery query, String cursor) {
    Refusal refusal = assertThrows(
        Refusal.class,
        () -> page(query, null, 1, cursor == null ? null : RunningTotalCursor.parse(cursor)));
    assertEquals(code, refusal.code());
    assertEquals(field, refusal.field());
  }

  @Test
  void badQuestionsAreRefused() {
    Meter sum = metering.meter("sum", Aggregation.SUM, "$.n", Map.of());
    Meter max = metering.meter("max", Aggregation.MAX, "$.n", Map.of());
    metering.send(at("10:00:00Z", "a", "1") + "\n" + at("10:00:02Z", "c", "4"));
    visible();
    UsageQuery all = range(sum, null, null, Set.of("s"));
    assertRefused(
        MeteringError.USAGE_RUNNING_TOTAL_UNSUPPORTED,
        null,
        range(max, null, null, Set.of("s")),
        null);
    assertRefused(
        MeteringError.USAGE_RANGE_INVALID, "from", range(sum, START, START, Set.of("s")), null);
    RunningTotalCursor next = page(all, null, 1, null).next();
    assertNotNull(next);
    UsageQuery other = range(sum, null, null, Set.of("t"));
    assertRefused(MeteringError.USAGE_CURSOR_INVALID, "cursor", other, next.toString());
    String ahead = next.toString().replaceAll("~[0-9:,]+~", "~0:4711~");
    assertRefused(MeteringError.USAGE_CURSOR_INVALID, "cursor", all, ahead);
    completeFrom.set(START);
    assertRefused(MeteringError.USAGE_JOURNAL_INCOMPLETE, "from", all, null);
    assertEquals(
        1, page(range(sum, START, null, Set.of("s")), null, 1, null).totals().size());
    Refusal unknown = assertThrows(
        Refusal.class,
        () -> await(totals.page(
            metering.tenant(), "none", meter -> new RunningTotalQuery(all, null, 1, null))));
    assertEquals(MeteringError.METER_NOT_FOUND, unknown.code());
    Refusal foreign = assertThrows(
        Refusal.class,
        () -> await(totals.page(
            UUID.randomUUID(), "sum", meter -> new RunningTotalQuery(all, null, 1, null))));
    assertEquals(MeteringError.METER_NOT_FOUND, foreign.code());
  }
}
