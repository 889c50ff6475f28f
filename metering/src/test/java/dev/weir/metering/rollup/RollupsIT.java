package dev.weir.metering.rollup;

import static dev.weir.metering.TestMetering.awaitUntil;
import static dev.weir.metering.TestMetering.event;
import static dev.weir.metering.database.TestDatabase.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.weir.metering.TestMetering;
import dev.weir.metering.asof.AsOfQueries;
import dev.weir.metering.correction.Correction;
import dev.weir.metering.correction.CorrectionAnswer.Verdict;
import dev.weir.metering.correction.Corrections;
import dev.weir.metering.correction.JournalHistory;
import dev.weir.metering.database.TestDatabase;
import dev.weir.metering.meter.Aggregation;
import dev.weir.metering.meter.Meter;
import dev.weir.metering.usage.UsageQuery;
import dev.weir.metering.usage.WindowSize;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The rollups in a running engine. */
class RollupsIT {

  @TempDir
  Path directory;

  @Test
  void closedWindowsAreRolledUpAndTheAnswersStayTheSame() throws Exception {
    try (TestDatabase test = TestDatabase.create();
        TestMetering metering = TestMetering.start(test, test.newTenant(), directory, 1)) {
      Meter sum = metering.meter("sum", Aggregation.SUM, "$.n", Map.of());
      metering.send(event("a", "2026-03-01T10:59:59Z", "s", "{\"n\":1}"));
      metering.send(event("b", "2026-03-02T10:00:00Z", "s", "{\"n\":2}"));
      metering.send(event("c", "2026-03-05T08:30:00Z", "s", "{\"n\":4}"));
      assertEquals("7", metering.total(sum));
      Rollups rollups = metering.engine().rollups();
      rollups.wake();
      // The newest event lies in the hour from 8, so hours are closed up to 7.
      Instant expected = Instant.parse("2026-03-05T07:00:00Z");
      awaitUntil("rolled up", () -> rollups.rolledTo().equals(expected));
      assertEquals("7", metering.total(sum));
      metering.send(event("d", "2026-03-01T10:00:00Z", "s", "{\"n\":8}"));
      metering.send(event("e", "2026-03-05T07:00:00Z", "s", "{\"n\":16}"));
      assertEquals("31", metering.total(sum));
      assertNull(rollups.failure());
    }
  }

  private static String at(String id, String time, int n) {
    return event(id, time, "s" + n % 2, "{\"n\":%d.5,\"m\":\"m%d\"}".formatted(n, n % 3));
  }

  private static List<UsageQuery> questions(Meter meter) {
    List<UsageQuery> questions = new ArrayList<>();
    for (WindowSize size : WindowSize.values()) {
      for (String zone : List.of("UTC", "Asia/Kathmandu", "America/New_York")) {
        questions.add(new UsageQuery(
            meter,
            Instant.parse("2026-02-28T18:15:00Z"),
            Instant.parse("2026-03-05T10:01:00Z"),
            Set.of(),
            Map.of(),
            List.of("model"),
            true,
            size,
            ZoneId.of(zone)));
      }
    }
    questions.add(TestMetering.all(meter));
    return questions;
  }

  /** What the windows say is what the journal says, read without any window. */
  private static void assertAsInTheJournal(
      TestMetering metering, AsOfQueries journal, List<Meter> meters, String when) {
    String now = metering.engine().ingest().flushed().toString();
    for (Meter meter : meters) {
      for (UsageQuery question : questions(meter)) {
        assertEquals(
            await(journal.query(metering.tenant(), meter.key(), known -> question, now))
                .rows(),
            metering.query(question),
            when + ", " + question);
      }
    }
  }

  @Test
  void whatComesLateOrIsTakenBackFromRolledUpHoursCountsInEveryGrain() throws Exception {
    JournalHistory history = new JournalHistory(directory);
    try (TestDatabase test = TestDatabase.create();
        TestMetering metering = TestMetering.start(test, test.newTenant(), directory, 2)) {
      List<Meter> meters = new ArrayList<>();
      for (Aggregation aggregation : Aggregation.values()) {
        meters.add(metering.meter(
            aggregation.name().toLowerCase(Locale.ROOT),
            aggregation,
            aggregation.takesValue() ? "$.n" : null,
            Map.of("model", "$.m")));
      }
      for (int i = 0; i < 60; i++) {
        metering.send(at("e" + i, "2026-03-0%dT%02d:%02d:07Z".formatted(1 + i % 5, i % 3, i), i));
      }
      metering.send(at("newest", "2026-03-05T10:00:00Z", 3));
      Corrections corrections = metering.engine().corrections(history);
      AsOfQueries journal = metering.engine().asOfQueries(history::visit);
      assertAsInTheJournal(metering, journal, meters, "before");
      Rollups rollups = metering.engine().rollups();
      rollups.wake();
      Instant closed = Instant.parse("2026-03-05T09:00:00Z");
      awaitUntil("rolled up", () -> rollups.rolledTo().equals(closed));
      assertAsInTheJournal(metering, journal, meters, "rolled up");

      metering.send(at("late in a day", "2026-03-02T01:59:59Z", 1_000));
      metering.send(at("late in an hour", "2026-03-05T00:30:00Z", -1_000));
      metering.send(at("late where nothing was", "2026-02-28T23:59:59Z", 7));
      metering.send(at("on the edge", "2026-03-05T09:00:00Z", 8));
      assertAsInTheJournal(metering, journal, meters, "late");

      for (String id : List.of("late in a day", "late in an hour", "e0", "e59", "newest")) {
        correct(metering, corrections, new Correction(id, null, null, "wrong", null));
      }
      correct(
          metering,
          corrections,
          new Correction("e58", null, null, "wrong", at("e58", "2026-03-03T01:00:00Z", 2_000)));
      assertAsInTheJournal(metering, journal, meters, "taken back");

      Meter gone = meters.remove(0);
      await(metering.engine().deleteMeter(gone, TestMetering.NOW, c -> Future.succeededFuture()));
      metering.send(at("after", "2026-03-01T00:00:00Z", 9));
      assertAsInTheJournal(metering, journal, meters, "a meter is gone");
      assertNull(rollups.failure());
      assertNull(metering.engine().aggregator().failure());
      await(corrections.close());
      await(journal.close());
    }
  }

  private static void correct(
      TestMetering metering, Corrections corrections, Correction correction) {
    assertEquals(
        correction.isVoid() ? Verdict.VOIDED : Verdict.REPLACED,
        await(corrections.apply(
                metering.context(),
                new Corrections.Author(metering.tenant(), "ann"),
                List.of(correction)))
            .outcomes()
            .get(0)
            .verdict());
  }

  private static String one(Statement statement, String sql) throws SQLException {
    try (ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }

  @Test
  void theyStopAlsoWhileAStepWaitsForALock() throws Exception {
    try (TestDatabase test = TestDatabase.create();
        TestMetering metering = TestMetering.start(test, test.newTenant(), directory, 1);
        Connection holder = test.superuser();
        Statement holding = holder.createStatement()) {
      Meter sum = metering.meter("sum", Aggregation.SUM, "$.n", Map.of());
      metering.send(event("a", "2026-03-01T10:00:00Z", "s", "{\"n\":1}"));
      metering.send(event("b", "2026-03-05T08:30:00Z", "s", "{\"n\":2}"));
      assertEquals("3", metering.total(sum));
      holder.setAutoCommit(false);
      holding.execute("LOCK TABLE usage_hour_values IN ACCESS EXCLUSIVE MODE");
      Rollups rollups = metering.engine().rollups();
      rollups.wake();
      String waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted"
          + " AND relation = 'usage_hour_values'::regclass AND mode = 'RowExclusiveLock'";
      awaitUntil("a step waits", () -> is("1", holding, waiting));
      Thread stopping = new Thread(() -> {
        try {
          rollups.stop();
        } catch (InterruptedException e) {
          throw new IllegalStateException(e);
        }
      });
      stopping.start();
      awaitUntil("stopped", () -> !stopping.isAlive());
      // What it had begun is undone, and nobody holds anything any more.
      awaitUntil("given up", () -> is("0", holding, waiting));
      assertEquals("0", one(holding, "SELECT count(*) FROM usage_hours"));
      assertEquals("1969-12-01", one(holding, "SELECT hours_to::date FROM usage_rollup"));
      assertNull(rollups.failure());
      holder.rollback();
      assertEquals("3", metering.total(sum));
    }
  }

  private static boolean is(String expected, Statement statement, String sql) {
    try {
      return expected.equals(one(statement, sql));
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void whileTheDatabaseIsAwayRollupsWait() throws Exception {
    try (TestDatabase test = TestDatabase.create();
        TestMetering metering = TestMetering.start(test, test.newTenant(), directory, 1)) {
      Meter sum = metering.meter("sum", Aggregation.SUM, "$.n", Map.of());
      metering.send(event("a", "2026-03-01T10:00:00Z", "s", "{\"n\":1}"));
      metering.send(event("b", "2026-03-05T08:30:00Z", "s", "{\"n\":2}"));
      assertEquals("3", metering.total(sum));
      Rollups rollups = metering.engine().rollups();
      test.allowConnections(false);
      rollups.wake();
      awaitUntil("away is noticed", () -> rollups.failure() != null);
      test.allowConnections(true);
      rollups.wake();
      awaitUntil("rolled up", () -> rollups.rolledTo().isAfter(Instant.EPOCH));
      assertNull(rollups.failure());
      assertEquals("3", metering.total(sum));
    }
  }
}
