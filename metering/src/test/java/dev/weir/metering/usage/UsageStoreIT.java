package dev.weir.metering.usage;

import static dev.weir.metering.TestMetering.event;
import static dev.weir.metering.database.TestDatabase.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.metering.MeteringError;
import dev.weir.metering.Quantity;
import dev.weir.metering.Refusal;
import dev.weir.metering.TestMetering;
import dev.weir.metering.database.TestDatabase;
import dev.weir.metering.meter.Aggregation;
import dev.weir.metering.meter.Meter;
import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class UsageStoreIT {

  private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");

  @TempDir
  static Path directory;

  private static TestDatabase test;
  private static TestMetering metering;
  private static Meter sum;
  private static Meter empty;
  private static final Map<Aggregation, Meter> METERS = new java.util.EnumMap<>(Aggregation.class);

  @BeforeAll
  static void start() throws Exception {
    test = TestDatabase.create();
    metering = TestMetering.start(test, test.newTenant(), directory, 2);
    Map<String, String> groups = Map.of("model", "$.m", "region", "$.r");
    for (Aggregation aggregation : Aggregation.values()) {
      METERS.put(
          aggregation,
          metering.meter(
              aggregation.name().toLowerCase(java.util.Locale.ROOT),
              aggregation,
              aggregation.takesValue() ? "$.n" : null,
              groups));
    }
    sum = METERS.get(Aggregation.SUM);
    empty = metering.meter("empty", Aggregation.MAX, "$.other.n", Map.of("model", "$.m"));
    await(metering
        .engine()
        .deleteMeter(empty, TestMetering.NOW, connection -> Future.succeededFuture()));
    StringBuilder lines = new StringBuilder();
    // Eight events, one every 20 minutes; values are powers of two, so that each sum names its
    // events.
    String[] subjects = {"a", "b", "ü", "a"};
    for (int i = 0; i < 8; i++) {
      String group =
          i % 3 == 0 ? "" : ",\"m\":\"m%d\",\"r\":\"%s\"".formatted(i % 3, i < 4 ? "eu" : "us");
      lines
          .append(event(
              "e" + i,
              START.plusSeconds(i * 1_200L).toString(),
              subjects[i % 4],
              "{\"n\":" + (1 << i) + group + "}"))
          .append('\n');
    }
    metering.send(lines.toString());
  }

  @AfterAll
  static void stop() throws Exception {
    metering.close();
    test.close();
  }

  private static UsageQuery range(Instant from, Instant to) {
    return new UsageQuery(
        sum, from, to, Set.of(), Map.of(), List.of(), false, null, ZoneOffset.UTC);
  }

  private static UsageQuery of(Set<String> subjects, Map<String, Set<String>> filter) {
    return new UsageQuery(
        sum, null, null, subjects, filter, List.of(), false, null, ZoneOffset.UTC);
  }

  private static UsageQuery split(List<String> groupBy, boolean bySubject, WindowSize size) {
    return new UsageQuery(
        sum, null, null, Set.of(), Map.of(), groupBy, bySubject, size, ZoneOffset.UTC);
  }

  private static String value(UsageQuery query) {
    List<UsageRow> rows = metering.query(query);
    assertTrue(rows.size() <= 1);
    return rows.isEmpty() ? "none" : rows.get(0).value().toString();
  }

  private static List<String> rows(UsageQuery query) {
    return metering.query(query).stream()
        .map(r -> r.value() + " " + r.windowStart() + " " + r.windowEnd() + " " + r.subject() + " "
            + r.groupBy())
        .toList();
  }

  @Test
  void rangesAreHalfOpenAndMayBeOpen() {
    assertEquals("255", value(range(null, null)));
    assertEquals("254", value(range(START.plusSeconds(60), null)));
    assertEquals("127", value(range(null, START.plusSeconds(7 * 1_200L))));
    assertEquals("255", value(range(null, START.plusSeconds(7 * 1_200L + 60))));
    assertEquals("6", value(range(START.plusSeconds(1_200), START.plusSeconds(3_600))));
    assertEquals("none", value(range(START.plusSeconds(60), START.plusSeconds(1_200))));
    assertEquals("none", value(range(START.plusSeconds(1_000_020), null)));
    assertEquals("none", value(range(null, START)));
  }

  @Test
  void rowsSayWhichRangeTheyCover() {
    Instant last = START.plusSeconds(7 * 1_200L + 60);
    assertEquals(List.of("255 " + START + " " + last + " null {}"), rows(range(null, null)));
    Instant from = START.minusSeconds(60);
    assertEquals(List.of("255 " + from + " " + last + " null {}"), rows(range(from, null)));
  }

  @Test
  void subjectsAndDimensionsFilter() {
    assertEquals("153", value(of(Set.of("a"), Map.of())));
    assertEquals("68", value(of(Set.of("ü"), Map.of())));
    assertEquals("187", value(of(Set.of("a", "b"), Map.of())));
    assertEquals("none", value(of(Set.of("nobody"), Map.of())));
    assertEquals("146", value(of(Set.of(), Map.of("model", Set.of("m1")))));
    assertEquals("182", value(of(Set.of(), Map.of("model", Set.of("m1", "m2")))));
    assertEquals("144", value(of(Set.of(), Map.of("model", Set.of("m1"), "region", Set.of("us")))));
    assertEquals("73", value(of(Set.of(), Map.of("model", Set.of("")))));
    assertEquals(
        "144", value(of(Set.of("a"), Map.of("model", Set.of("m1"), "region", Set.of("us", "eu")))));
    assertEquals(
        "none", value(of(Set.of("' OR true --"), Map.of("model", Set.of("'; DROP TABLE x")))));
  }

  @Test
  void groupsAndSubjectsSplitInOrder() {
    assertEquals(
        List.of("73 {model=}", "146 {model=m1}", "36 {model=m2}"),
        metering.query(split(List.of("model"), false, null)).stream()
            .map(r -> r.value() + " " + r.groupBy())
            .toList());
    assertEquals(
        List.of(
            "73 {model=, region=}",
            "2 {model=m1, region=eu}",
            "144 {model=m1, region=us}",
            "4 {model=m2, region=eu}",
            "32 {model=m2, region=us}"),
        metering.query(split(List.of("model", "region"), false, null)).stream()
            .map(r -> r.value() + " " + r.groupBy())
            .toList());
    assertEquals(
        List.of("153 a", "34 b", "68 ü"),
        metering.query(split(List.of(), true, null)).stream()
            .map(r -> r.value() + " " + r.subject())
            .toList());
  }

  @Test
  void windowsSplitByMinuteHourDayAndMonth() {
    assertEquals(
        List.of(
            "7 2026-03-01T00:00:00Z 2026-03-01T01:00:00Z null {}",
            "56 2026-03-01T01:00:00Z 2026-03-01T02:00:00Z null {}",
            "192 2026-03-01T02:00:00Z 2026-03-01T03:00:00Z null {}"),
        rows(split(List.of(), false, WindowSize.HOUR)));
    assertEquals(8, rows(split(List.of(), false, WindowSize.MINUTE)).size());
    assertEquals(
        "1 2026-03-01T00:00:00Z 2026-03-01T00:01:00Z null {}",
        rows(split(List.of(), false, WindowSize.MINUTE)).get(0));
    assertEquals(
        List.of("255 2026-03-01T00:00:00Z 2026-03-02T00:00:00Z null {}"),
        rows(split(List.of(), false, WindowSize.DAY)));
    // Kathmandu is at +05:45; the day's window reaches beyond the range on both sides.
    assertEquals(
        List.of("3 2026-02-28T18:15:00Z 2026-03-01T18:15:00Z null {}"),
        rows(new UsageQuery(
            sum,
            START,
            START.plusSeconds(1_800),
            Set.of(),
            Map.of(),
            List.of(),
            false,
            WindowSize.DAY,
            ZoneId.of("Asia/Kathmandu"))));
  }

  @ParameterizedTest
  @EnumSource(Aggregation.class)
  void windowsAndGroupsAddUpToTheTotalAsTheAggregationSays(Aggregation aggregation) {
    Meter meter = METERS.get(aggregation);
    String total = metering.total(meter);
    assertEquals(
        switch (aggregation) {
          case COUNT, UNIQUE_COUNT -> "8";
          case SUM -> "255";
          case MIN -> "1";
          case MAX, LATEST -> "128";
          case AVG -> "31.875";
          // Of eight values the fourth is the first up to which half of them come.
          case PERCENTILE -> "8";
          // Over the 141 minutes from the first to the end of the last, each from when it came.
          // The first key for all of them, each of the others for twenty minutes less.
          case WEIGHTED_UNIQUE_COUNT -> "4.028368794326241135";
          case WEIGHTED_SUM -> "36.843971631205673759";
        },
        total);
    for (WindowSize size : WindowSize.values()) {
      List<Quantity> parts = metering
          .query(new UsageQuery(
              meter,
              null,
              null,
              Set.of(),
              Map.of(),
              List.of("model"),
              true,
              size,
              ZoneId.of("Asia/Kathmandu")))
          .stream()
          .map(UsageRow::value)
          .toList();
      Quantity whole = switch (aggregation) {
        case COUNT, SUM, UNIQUE_COUNT -> parts.stream().reduce(Quantity.ZERO, Quantity::plus);
        case MIN -> parts.stream().min(Quantity::compareTo).orElseThrow();
        case MAX, LATEST -> parts.stream().max(Quantity::compareTo).orElseThrow();
        case AVG, PERCENTILE, WEIGHTED_SUM, WEIGHTED_UNIQUE_COUNT -> Quantity.of(total);
      };
      assertEquals(total, whole.toString(), size.name());
    }
  }

  @Test
  void aMeterWithoutUsageGivesNoRowsAndZero() {
    for (WindowSize size : WindowSize.values()) {
      assertEquals(List.of(), metering.query(TestMetering.all(empty).windowed(size)));
    }
    assertEquals(List.of(), metering.query(TestMetering.all(empty)));
    UsageQuery query = UsageQuery.total(empty, START, START.plusSeconds(60), Set.of(), Map.of());
    assertEquals(
        Quantity.ZERO,
        await(test.database().inTenant(metering.tenant(), c -> new UsageStore().total(c, query))));
  }

  private static void assertRefused(MeteringError code, String field, UsageQuery query) {
    Refusal refusal = assertThrows(Refusal.class, () -> metering.query(query));
    assertEquals(code, refusal.code());
    assertEquals(field, refusal.field());
  }

  @Test
  void badQuestionsAreRefusedByField() {
    assertEquals(range(START, null), range(START.plusMillis(1), null));
    assertRefused(MeteringError.USAGE_RANGE_INVALID, "from", range(START.plusSeconds(1), null));
    assertRefused(MeteringError.USAGE_RANGE_INVALID, "to", range(START, START.plusSeconds(61)));
    assertRefused(MeteringError.USAGE_RANGE_INVALID, "from", range(START, START));
    assertRefused(MeteringError.USAGE_RANGE_INVALID, "from", range(START.plusSeconds(60), START));
    assertRefused(
        MeteringError.USAGE_GROUP_UNKNOWN, "colour", split(List.of("colour"), false, null));
    assertRefused(
        MeteringError.USAGE_GROUP_UNKNOWN, "colour", of(Set.of(), Map.of("colour", Set.of("red"))));
    assertRefused(
        MeteringError.USAGE_TOO_MANY_ROWS,
        "windowSize",
        new UsageQuery(
            sum,
            START,
            START.plus(Duration.ofDays(3_000)),
            Set.of(),
            Map.of(),
            List.of(),
            false,
            WindowSize.HOUR,
            ZoneOffset.UTC));
  }

  @Test
  void anotherTenantSeesNothingWhateverItAsks() {
    await(metering.engine().awaitAllVisible(Duration.ofMinutes(2)));
    UUID other = test.newTenant();
    assertEquals(
        List.of(),
        await(test.database()
            .inTenant(other, c -> new UsageStore().query(c, TestMetering.all(sum)))));
    List<String> visible = new ArrayList<>();
    for (String table :
        List.of("meters", "usage_series", "usage_windows", "usage_uniques", "event_conflicts")) {
      String count = "SELECT count(*) FROM " + table;
      visible.add(table + " "
          + await(test.database().inTenant(other, c -> c.query(count).execute()))
              .iterator()
              .next()
              .getLong(0));
    }
    assertEquals(
        List.of(
            "meters 0",
            "usage_series 0",
            "usage_windows 0",
            "usage_uniques 0",
            "event_conflicts 0"),
        visible);
    assertEquals("255", metering.total(sum));
  }

  @Test
  void aTenantCannotWriteForAnotherNorTouchPositions() {
    UUID other = test.newTenant();
    RuntimeException foreign = assertThrows(
        RuntimeException.class,
        () -> await(test.database()
            .inTenant(
                other,
                c -> c.preparedQuery(
                        "INSERT INTO usage_windows (series_id, window_start, tenant_id, events)"
                            + " VALUES (-1, now(), $1, 1)")
                    .execute(Tuple.of(metering.tenant())))));
    assertTrue(
        String.valueOf(foreign.getMessage()).contains("row-level security"), foreign.getMessage());
    RuntimeException positions = assertThrows(
        RuntimeException.class,
        () -> await(test.database()
            .inTenant(
                other,
                c -> c.query("UPDATE aggregator_positions SET sequence = 0").execute())));
    assertTrue(
        String.valueOf(positions.getMessage()).contains("permission denied"),
        positions.getMessage());
  }
}
