package dev.weir.metering.aggregate;

import static dev.weir.metering.TestMetering.awaitUntil;
import static dev.weir.metering.TestMetering.event;
import static dev.weir.metering.database.TestDatabase.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.metering.Refusal;
import dev.weir.metering.TestMetering;
import dev.weir.metering.database.Database;
import dev.weir.metering.database.LossyLink;
import dev.weir.metering.database.TestDatabase;
import dev.weir.metering.event.Decoding;
import dev.weir.metering.event.EventBatch;
import dev.weir.metering.event.EventDecoder;
import dev.weir.metering.event.EventLimits;
import dev.weir.metering.event.EventRules;
import dev.weir.metering.event.EventTime;
import dev.weir.metering.event.Verdict;
import dev.weir.metering.journal.JournalCorrupt;
import dev.weir.metering.meter.Aggregation;
import dev.weir.metering.meter.Meter;
import dev.weir.metering.meter.MeterStore;
import io.vertx.core.Future;
import io.vertx.pgclient.PgConnectOptions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The windows in PostgreSQL against lost databases, lost answers, second writers and rebuilds. */
class AggregatorIT {

  private static final String TIME = "2026-03-01T00:00:01Z";

  @TempDir
  Path directory;

  private final TestDatabase test = TestDatabase.create();
  private final UUID tenant = test.newTenant();

  @AfterEach
  void close() {
    test.close();
  }

  private TestMetering start(String name, int lanes) throws Exception {
    return TestMetering.start(test, tenant, directory.resolve(name), lanes);
  }

  private static String events(String prefix, int from, int to) {
    StringBuilder lines = new StringBuilder();
    for (int i = from; i < to; i++) {
      lines.append(event(prefix + i, TIME, "a", "{\"n\":" + i + "}")).append('\n');
    }
    return lines.toString();
  }

  private List<String> rows(String sql) throws SQLException {
    try (Connection connection = test.superuser();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT r::text FROM (" + sql + ") r")) {
      List<String> texts = new ArrayList<>();
      while (rows.next()) {
        texts.add(rows.getString(1));
      }
      return texts;
    }
  }

  private void execute(String... statements) throws SQLException {
    try (Connection connection = test.superuser();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  @Test
  void aSecondAggregatorLosesTheFenceAndStops() throws Exception {
    try (TestMetering first = start("first", 1);
        TestMetering second = start("second", 1)) {
      Meter sum = first.meter("sum", Aggregation.SUM, "$.n", Map.of());
      first.send(events("a", 1, 5));
      assertEquals("10", first.total(sum));
      second.send(events("b", 100, 103));
      awaitUntil("the second stops", () -> second.engine().aggregator().failure() != null);
      assertTrue(String.valueOf(second.engine().aggregator().failure())
          .contains("another aggregator has moved the lane positions"));
      assertThrows(
          IllegalStateException.class, () -> second.meter("x", Aggregation.COUNT, null, Map.of()));
      first.send(events("a", 5, 6));
      assertEquals("15", first.total(sum));
      assertNull(first.engine().aggregator().failure());
    }
  }

  @Test
  void aDatabaseThatKnowsMoreThanTheJournalIsRefused() throws Exception {
    try (TestMetering first = start("first", 1)) {
      first.send(events("a", 1, 5));
      await(first.engine().awaitAllVisible(Duration.ofMinutes(2)));
    }
    JournalCorrupt refused =
        assertThrows(JournalCorrupt.class, () -> start("second", 1).close());
    assertTrue(String.valueOf(refused.getMessage()).contains("do not belong together"));
  }

  @Test
  void whileTheDatabaseIsAwayIngestGoesOnAndTotalsAreExactAfter() throws Exception {
    try (TestMetering metering = start("away", 2)) {
      Meter sum = metering.meter("sum", Aggregation.SUM, "$.n", Map.of());
      Meter unique = metering.meter("unique", Aggregation.UNIQUE_COUNT, "$.n", Map.of());
      int sent = 0;
      for (int round = 0; round < 3; round++) {
        metering.send(events("e", sent, sent += 100));
        test.allowConnections(false);
        for (int i = 0; i < 5; i++) {
          assertEquals(100, metering.send(events("e", sent, sent += 100)).count(Verdict.ACCEPTED));
        }
        awaitUntil("away is noticed", () -> metering.engine().aggregator().flushFailure() != null);
        assertTrue(metering.engine().aggregator().lag() > 0);
        test.allowConnections(true);
        assertEquals(Long.toString((long) sent * (sent - 1) / 2), metering.total(sum));
        assertEquals(Integer.toString(sent), metering.total(unique));
        assertEquals(0, metering.engine().aggregator().lag());
      }
      assertNull(metering.engine().aggregator().failure());
    }
  }

  @Test
  void seriesThatOnlyTheDatabaseRemembersAreFoundAndNotWrittenAgain() throws Exception {
    String rows = "SELECT series_id, xmin, ctid FROM usage_series ORDER BY series_id LIMIT 50";
    List<String> before;
    try (TestMetering metering = start("series", 1)) {
      Meter sum = metering.meter("sum", Aggregation.SUM, "$.n", Map.of("n", "$.n"));
      metering.send(events("a", 0, 50));
      assertEquals("1225", metering.total(sum));
      before = rows(rows);
      assertEquals(50, before.size());
    }
    try (TestMetering metering = start("series", 1)) {
      metering.send(events("b", 25, 75));
      await(metering.engine().awaitAllVisible(Duration.ofMinutes(2)));
      assertEquals(before, rows(rows));
      assertEquals(
          List.of("(75,100,3700)"),
          rows("SELECT (SELECT count(*) FROM usage_series), sum(events), sum(value_sum)"
              + " FROM usage_windows"));
    }
  }

  @Test
  void backendsThatDieAtRandomChangeNoTotal() throws Exception {
    try (TestMetering metering = start("dying", 1)) {
      Meter sum = metering.meter("sum", Aggregation.SUM, "$.n", Map.of("n", "$.n"));
      for (int i = 0; i < 30; i++) {
        metering.send(events("e", i * 50, i * 50 + 50));
        execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            + " WHERE datname = current_database() AND application_name = 'weir-engine'");
      }
      assertEquals(Long.toString(1_500L * 1_499 / 2), metering.total(sum));
      assertNull(metering.engine().aggregator().failure());
    }
  }

  private Database through(LossyLink link) {
    PgConnectOptions login = test.login().setHost("127.0.0.1").setPort(link.port());
    return Database.open(test.vertx(), login, 4, 4);
  }

  @Test
  void aCommitWhoseAnswerIsLostCountsOnceThoughTheDatabaseStaysAway() throws Exception {
    try (LossyLink link = new LossyLink(test.login().getPort())) {
      Database database = through(link);
      try (TestMetering metering =
          TestMetering.start(test, database, tenant, directory.resolve("lossy"), 1)) {
        Meter sum = metering.meter("sum", Aggregation.SUM, "$.n", Map.of());
        int sent = 0;
        for (int round = 0; round < 4; round++) {
          CountDownLatch lost = link.loseNextCommit();
          metering.send(events("e", sent, sent += 10));
          assertTrue(lost.await(20, TimeUnit.SECONDS));
          // More is acknowledged before anyone can know what became of the transaction.
          metering.send(events("e", sent, sent += 10));
          awaitUntil(
              "away is noticed", () -> metering.engine().aggregator().flushFailure() != null);
          metering.send(events("e", sent, sent += 10));
          link.mend();
          assertEquals(Long.toString((long) sent * (sent - 1) / 2), metering.total(sum));
        }
        assertNull(metering.engine().aggregator().failure());
      }
      await(database.close());
    }
  }

  @Test
  void aMeterWhoseCreationHadNoAnswerCountsFromThere() throws Exception {
    try (LossyLink link = new LossyLink(test.login().getPort())) {
      Database database = through(link);
      try (TestMetering metering =
          TestMetering.start(test, database, tenant, directory.resolve("lossy"), 1)) {
        CountDownLatch lost = link.loseNextCommit();
        assertThrows(
            RuntimeException.class, () -> metering.meter("sum", Aggregation.SUM, "$.n", Map.of()));
        assertTrue(lost.await(20, TimeUnit.SECONDS));
        metering.send(events("e", 1, 5));
        link.mend();
        metering.send(events("e", 5, 6));
        await(metering.engine().awaitAllVisible(Duration.ofMinutes(2)));
        Meter sum = await(test.database()
            .inTenant(tenant, connection -> new MeterStore().find(connection, tenant, "sum")));
        assertEquals("15", metering.total(sum));
      }
      await(database.close());
    }
  }

  private static final String WINDOWS = """
      SELECT m.key, s.subject, s.groups, w.window_start, w.tenant_id, w.events, w.value_sum::text,
             w.value_moment::text, w.value_min::text, w.value_max::text, w.latest_value::text, w.latest_nanos,
             w.latest_identity
        FROM usage_windows w JOIN usage_series s USING (series_id) JOIN meters m USING (meter_id)
       ORDER BY 1, 2, 3, 4""";

  private static final String UNIQUES = """
      SELECT m.key, s.subject, s.groups, u.window_start, u.value_hash, u.occurrences, u.tenant_id
        FROM usage_uniques u JOIN usage_series s USING (series_id) JOIN meters m USING (meter_id)
      UNION ALL
      SELECT m.key, s.subject, s.groups, v.window_start, v.value::text::bytea, v.occurrences, v.tenant_id
        FROM usage_values v JOIN usage_series s USING (series_id) JOIN meters m USING (meter_id)
       ORDER BY 1, 2, 3, 4, 5""";

  private static final String CONFLICTS = "SELECT * FROM event_conflicts ORDER BY lane, sequence";

  @Test
  void whatIsRebuiltFromTheJournalIsTheSameRowForRow() throws Exception {
    List<String> before;
    try (TestMetering metering = start("rebuilt", 2)) {
      for (Aggregation aggregation : Aggregation.values()) {
        metering.meter(
            "m-" + aggregation.name().toLowerCase(java.util.Locale.ROOT),
            aggregation,
            aggregation.takesValue() ? "$.n" : null,
            aggregation == Aggregation.MAX ? Map.of() : Map.of("model", "$.m"));
      }
      sendAtRandom(metering, new Random(8));
      await(metering.engine().awaitAllVisible(Duration.ofMinutes(2)));
      Meter deleted = metering.meter("short-lived", Aggregation.SUM, "$.n", Map.of());
      metering.send(events("while-it-lives-", 0, 20));
      await(metering
          .engine()
          .deleteMeter(deleted, deleted.createdAt(), connection -> Future.succeededFuture()));
      metering.send(events("after-its-end-", 0, 20));
      await(metering.engine().awaitAllVisible(Duration.ofMinutes(2)));
      assertEquals(
          List.of("(190)"),
          rows("SELECT sum(value_sum) FROM usage_windows JOIN usage_series USING (series_id)"
              + " WHERE meter_id = '%s'".formatted(deleted.id())));
      before = rows(WINDOWS);
      before.addAll(rows(UNIQUES));
      before.addAll(rows(CONFLICTS));
      assertTrue(before.size() > 500, "rows " + before.size());
      assertTrue(rows(CONFLICTS).size() > 10);
    }
    for (String deletion : List.of("SELECT 1", "TRUNCATE usage_series")) {
      execute("CALL weir_forget_windows()", deletion);
      try (TestMetering metering = start("rebuilt", 2)) {
        await(metering.engine().awaitAllVisible(Duration.ofMinutes(2)));
        List<String> after = rows(WINDOWS);
        after.addAll(rows(UNIQUES));
        after.addAll(rows(CONFLICTS));
        assertEquals(before, after);
      }
    }
  }

  /** Many small requests, some flushed apart, with late, duplicate and conflicting events. */
  private static void sendAtRandom(TestMetering metering, Random random) {
    String[] values = {
      "1", "-1", "0.5", "-0.5", "\"0.10\"", "100", "1e2", "100.0", "-0", "12.345678901234567890"
    };
    for (int request = 0; request < 40; request++) {
      StringBuilder lines = new StringBuilder();
      for (int i = 0; i < 50; i++) {
        int id = random.nextInt(1_500);
        Random of = new Random(id);
        String time = "2026-03-01T%02d:%02d:00.5Z".formatted(of.nextInt(2), of.nextInt(30));
        String value = values[
            random.nextInt(20) == 0 ? random.nextInt(values.length) : of.nextInt(values.length)];
        lines
            .append(event(
                "id-" + id,
                time,
                "s" + of.nextInt(2),
                "{\"n\":%s,\"m\":\"m%d\"}".formatted(value, of.nextInt(2))))
            .append('\n');
      }
      metering.send(lines.toString());
      if (request % 8 == 0) {
        await(metering.engine().awaitAllVisible(Duration.ofMinutes(2)));
      }
    }
  }

  /** Decoded before a meter existed, journaled after: what no check could refuse. */
  private EventBatch unchecked(String lines) {
    return new EventDecoder(EventLimits.DEFAULT)
        .decodeLines(
            lines.getBytes(StandardCharsets.UTF_8),
            new EventDecoder.Sender(
                tenant, Decoding.KEY, EventRules.NONE, EventTime.nanos(TestMetering.NOW)));
  }

  @Test
  void eventsThatOvertookTheirCheckAreSkippedAndBlockNobody() throws Exception {
    try (TestMetering metering = start("race", 1)) {
      Meter sum = metering.meter("sum", Aggregation.SUM, "$.n", Map.of("model", "$.m"));
      Meter unique = metering.meter("unique", Aggregation.UNIQUE_COUNT, "$.n", Map.of());
      StringBuilder lines = new StringBuilder();
      List<String> bad = List.of(
          "{\"n\":1,\"m\":\"a\\u0000b\"}",
          "{\"n\":1,\"m\":\"\\ud800\"}",
          "{\"n\":1,\"m\":{}}",
          "{\"n\":1,\"m\":\"" + "x".repeat(70_000) + "\"}",
          "{\"n\":1,\"m\":" + "1".repeat(70_000) + "}",
          "{\"n\":1,\"m\":" + "2".repeat(70_000) + "}",
          "{\"n\":{},\"m\":\"x\"}",
          "{\"m\":\"x\"}",
          "{\"n\":1e999999999,\"m\":\"x\"}",
          "{\"n\":\"many\",\"m\":\"x\"}");
      for (int i = 0; i < bad.size(); i++) {
        lines.append(event("bad-" + i, TIME, "a", bad.get(i))).append('\n');
      }
      lines.append(event("good", TIME, "a", "{\"n\":5,\"m\":\"x\"}"));
      await(metering.engine().ingest().submit(metering.context(), unchecked(lines.toString())));
      assertEquals("5", metering.total(sum));
      // Of the bad, the meter without groups can use six: 1 four times, and two more texts.
      assertEquals("4", metering.total(unique));
      assertEquals(12, metering.engine().aggregator().valuesSkipped());
    }
  }

  @Test
  void aGroupValueThatIsTooLongIsRefusedAlsoAsANumber() throws Exception {
    try (TestMetering metering = start("groups", 1)) {
      Meter sum = metering.meter("sum", Aggregation.SUM, "$.n", Map.of("model", "$.m"));
      for (String value :
          List.of("1".repeat(70_000), "2".repeat(70_000), "\"" + "x".repeat(513) + "\"")) {
        var answer = metering.send(event("bad", TIME, "a", "{\"n\":1,\"m\":" + value + "}"));
        assertEquals(List.of("0 EVENT_VALUE_INVALID data.m"), Decoding.rejections(answer.batch()));
      }
      metering.send(event("good", TIME, "a", "{\"n\":1,\"m\":1e3}"));
      assertEquals("1", metering.total(sum));
      assertNull(metering.engine().aggregator().failure());
    }
  }

  @Test
  void moreConflictsAndDistinctValuesThanOneFlushHoldsArriveWhole() throws Exception {
    try (TestMetering metering = start("many", 1)) {
      Meter unique = metering.meter("unique", Aggregation.UNIQUE_COUNT, "$.n", Map.of());
      for (int round = 0; round < 10; round++) {
        metering.send(events("e", round * 9_000, round * 9_000 + 9_000));
      }
      for (int round = 0; round < 3; round++) {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 9_000; i++) {
          lines
              .append(event("e" + i, TIME, "a", "{\"n\":\"other" + round + "\"}"))
              .append('\n');
        }
        assertEquals(9_000, metering.send(lines.toString()).count(Verdict.CONFLICT));
      }
      assertEquals("90000", metering.total(unique));
      assertEquals(List.of("(27000)"), rows("SELECT count(*) FROM event_conflicts"));
    }
  }

  @Test
  void aBodyThatIsRefusedFailsTheFutureAndThrowsNothing() throws Exception {
    try (TestMetering metering = start("refused", 1)) {
      var future = metering
          .engine()
          .take(metering.context(), tenant, "[".getBytes(StandardCharsets.UTF_8), false);
      assertNotNull(assertThrows(Refusal.class, () -> await(future)).code());
    }
  }
}
