package dev.weir.metering;

import static dev.weir.metering.database.TestDatabase.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.metering.database.TestDatabase;
import dev.weir.metering.event.EventLimits;
import dev.weir.metering.event.Verdict;
import dev.weir.metering.ingest.IngestAnswer;
import dev.weir.metering.ingest.IngestOptions;
import dev.weir.metering.meter.Aggregation;
import dev.weir.metering.meter.Meter;
import dev.weir.metering.meter.MeterDefinition;
import dev.weir.metering.usage.UsageQuery;
import dev.weir.metering.usage.UsageRow;
import dev.weir.metering.usage.UsageStore;
import dev.weir.metering.usage.WindowSize;
import io.vertx.core.Future;
import io.vertx.core.internal.ContextInternal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Events in, usage out, on a real journal and a real PostgreSQL. */
class MeteringEngineIT {

  private static final Instant NOW = Instant.parse("2026-03-05T12:00:00Z");

  @TempDir
  Path directory;

  private final TestDatabase test = TestDatabase.create();
  private final UUID tenant = test.newTenant();
  private MeteringEngine engine;

  @BeforeEach
  void start() throws Exception {
    start(1);
  }

  private void start(int lanes) throws Exception {
    IngestOptions defaults = IngestOptions.DEFAULT;
    engine = MeteringEngine.start(
        test.vertx(),
        test.database(),
        new MeteringEngine.Setup(
            directory,
            new IngestOptions(
                lanes,
                defaults.queuedRequestsMax(),
                defaults.queuedBytesMax(),
                defaults.groupCommit(),
                0,
                1_000_000,
                35),
            EventLimits.DEFAULT,
            InstantSource.fixed(NOW),
            new SecureRandom()));
  }

  @AfterEach
  void stop() throws Exception {
    engine.stop();
    test.close();
  }

  private IngestAnswer send(String body) {
    ContextInternal context = (ContextInternal) test.vertx().getOrCreateContext();
    return await(
        engine.take(context, tenant, body.getBytes(StandardCharsets.UTF_8), !body.startsWith("[")));
  }

  private static String event(String id, String time, String subject, String data) {
    return """
        {"specversion":"1.0","id":"%s","source":"test","type":"llm.call","subject":"%s","time":"%s","data":%s}
        """.formatted(id, subject, time, data).strip();
  }

  private Meter meter(
      String key, Aggregation aggregation, String value, Map<String, String> groups) {
    Meter meter = new MeterDefinition(key, null, "llm.call", aggregation, value, groups, Map.of())
        .toMeter(UUID.randomUUID(), tenant, NOW);
    return await(engine.addMeter(meter));
  }

  private List<UsageRow> query(UsageQuery query) {
    await(engine.awaitAllVisible(Duration.ofMinutes(2)));
    return await(
        test.database().inTenant(tenant, connection -> new UsageStore().query(connection, query)));
  }

  private String total(Meter meter) {
    return query(new UsageQuery(
            meter, null, null, Set.of(), Map.of(), List.of(), false, null, ZoneId.of("UTC")))
        .stream()
        .map(row -> row.value().toString())
        .findFirst()
        .orElse("none");
  }

  @Test
  void everyAggregationIsExact() {
    Meter sum = meter("sum", Aggregation.SUM, "$.n", Map.of());
    Meter count = meter("count", Aggregation.COUNT, null, Map.of());
    Meter min = meter("min", Aggregation.MIN, "$.n", Map.of());
    Meter max = meter("max", Aggregation.MAX, "$.n", Map.of());
    Meter avg = meter("avg", Aggregation.AVG, "$.n", Map.of());
    Meter latest = meter("latest", Aggregation.LATEST, "$.n", Map.of());
    Meter unique = meter("unique", Aggregation.UNIQUE_COUNT, "$.user", Map.of());
    send("["
        + event("1", "2026-03-01T00:00:01Z", "a", "{\"n\":\"0.1\",\"user\":\"u1\"}")
        + ","
        + event("2", "2026-03-01T00:00:59.999Z", "a", "{\"n\":0.2,\"user\":\"u2\"}")
        + ","
        + event("3", "2026-03-02T10:00:00Z", "b", "{\"n\":7,\"user\":\"u1\"}")
        + "]");
    send(event("4", "2026-03-01T00:00:30Z", "a", "{\"n\":-3.5,\"user\":\"u3\"}"));
    assertEquals("3.8", total(sum));
    assertEquals("4", total(count));
    assertEquals("-3.5", total(min));
    assertEquals("7", total(max));
    assertEquals("0.95", total(avg));
    assertEquals("7", total(latest));
    assertEquals("3", total(unique));
  }

  @Test
  void duplicatesCountOnceAndConflictsAreKept() throws Exception {
    Meter sum = meter("sum", Aggregation.SUM, "$.n", Map.of());
    send(event("1", "2026-03-01T00:00:01Z", "a", "{\"n\":1}"));
    IngestAnswer again = send(event("1", "2026-03-01T00:00:01Z", "a", "{ \"n\" : 1 }"));
    IngestAnswer other = send(event("1", "2026-03-01T00:00:01Z", "a", "{\"n\":2}"));
    assertEquals(Verdict.DUPLICATE, again.batch().verdict(0));
    assertEquals(Verdict.CONFLICT, other.batch().verdict(0));
    assertEquals("1", total(sum));
    try (var connection = test.superuser();
        var rows = connection.createStatement().executeQuery("SELECT data FROM event_conflicts")) {
      assertTrue(rows.next());
      assertEquals("{\"n\":2}", rows.getString(1));
    }
  }

  @Test
  void aRestartForgetsNothing() throws Exception {
    Meter sum = meter("sum", Aggregation.SUM, "$.n", Map.of());
    send(event("1", "2026-03-01T00:00:01Z", "a", "{\"n\":1}"));
    engine.stop();
    start(1);
    assertEquals(
        Verdict.DUPLICATE,
        send(event("1", "2026-03-01T00:00:01Z", "a", "{\"n\":1}")).batch().verdict(0));
    assertEquals(
        Verdict.ACCEPTED,
        send(event("2", "2026-03-01T00:00:01Z", "a", "{\"n\":1}")).batch().verdict(0));
    assertEquals("2", total(sum));
  }

  @Test
  void anotherNumberOfLanesForgetsNothing() throws Exception {
    Meter sum = meter("sum", Aggregation.SUM, "$.n", Map.of());
    engine.stop();
    start(3);
    for (int round = 0; round < 2; round++) {
      StringBuilder lines = new StringBuilder();
      for (int i = 0; i < 100; i++) {
        lines.append(event("id-" + i, "2026-03-01T00:00:01Z", "a", "{\"n\":1}")).append('\n');
      }
      IngestAnswer answer = send(lines.toString());
      assertEquals(round == 0 ? 100 : 0, answer.count(Verdict.ACCEPTED));
      assertEquals(round == 0 ? 0 : 100, answer.count(Verdict.DUPLICATE));
      engine.stop();
      start(2 - round);
    }
    assertEquals("100", total(sum));
  }

  @Test
  void aMeterCountsOnlyWhatIsJournaledAfterIt() {
    send(event("1", "2026-03-01T00:00:01Z", "a", "{\"n\":1}"));
    Meter sum = meter("sum", Aggregation.SUM, "$.n", Map.of());
    send(event("2", "2026-03-01T00:00:01Z", "a", "{\"n\":10}"));
    assertEquals("10", total(sum));
  }

  @Test
  void windowsFollowTheZoneThroughAClockChange() {
    Meter sum = meter("sum", Aggregation.SUM, "$.n", Map.of("model", "$.m"));
    // Berlin, 29 March 2026: the day has 23 hours and ends at 22:00 UTC.
    send(event("1", "2026-03-28T22:59:59Z", "a", "{\"n\":1,\"m\":\"x\"}"));
    send(event("2", "2026-03-28T23:00:00Z", "a", "{\"n\":2,\"m\":\"x\"}"));
    send(event("3", "2026-03-29T21:59:59Z", "b", "{\"n\":4,\"m\":\"y\"}"));
    send(event("4", "2026-03-29T22:00:00Z", "a", "{\"n\":8}"));
    List<UsageRow> rows = query(new UsageQuery(
        sum,
        null,
        null,
        Set.of(),
        Map.of(),
        List.of("model"),
        true,
        WindowSize.DAY,
        ZoneId.of("Europe/Berlin")));
    assertEquals(
        List.of(
            "1 2026-03-27T23:00:00Z a {model=x}",
            "2 2026-03-28T23:00:00Z a {model=x}",
            "4 2026-03-28T23:00:00Z b {model=y}",
            "8 2026-03-29T22:00:00Z a {model=}"),
        rows.stream()
            .map(r -> r.value() + " " + r.windowStart() + " " + r.subject() + " " + r.groupBy())
            .toList());
  }

  @Test
  void aMeterKeyIsUniqueAndFreeAgainAfterDeletion() {
    Meter first = meter("sum", Aggregation.SUM, "$.n", Map.of());
    Refusal refusal =
        assertThrows(Refusal.class, () -> meter("sum", Aggregation.COUNT, null, Map.of()));
    assertEquals(MeteringError.METER_KEY_TAKEN, refusal.code());
    await(engine.deleteMeter(first, NOW, connection -> Future.succeededFuture()));
    assertEquals("none", total(meter("sum", Aggregation.COUNT, null, Map.of())));
  }

  @Test
  void aValueThatCannotBeMeteredIsRejectedAndItsNeighboursCount() {
    Meter sum = meter("sum", Aggregation.SUM, "$.n", Map.of());
    IngestAnswer answer = send("["
        + event("1", "2026-03-01T00:00:01Z", "a", "{\"n\":NaN}")
        + ","
        + event("2", "2026-03-01T00:00:01Z", "a", "{\"n\":1e400}")
        + ","
        + event("3", "2026-03-01T00:00:01Z", "a", "{}")
        + ","
        + event("4", "2026-03-01T00:00:01Z", "a", "{\"n\":5}")
        + "]");
    assertEquals(
        List.of(
            "0 EVENT_VALUE_INVALID data.n",
            "1 EVENT_VALUE_INVALID data.n",
            "2 EVENT_VALUE_MISSING data.n"),
        answer.batch().rejections().stream()
            .map(r ->
                r.index() + " " + r.rejection().code() + " " + r.rejection().field())
            .toList());
    assertEquals("5", total(sum));
  }
}
