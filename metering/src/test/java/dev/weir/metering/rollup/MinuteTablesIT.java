package dev.weir.metering.rollup;

import static dev.weir.metering.database.TestDatabase.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.metering.aggregate.UsageCases;
import dev.weir.metering.database.TestDatabase;
import dev.weir.metering.event.EventTime;
import dev.weir.metering.meter.Meter;
import dev.weir.metering.usage.Grain;
import dev.weir.metering.usage.UsageQuery;
import dev.weir.metering.usage.UsageStore;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The tables of minutes: what migrations keep of them, and their partitions. */
class MinuteTablesIT {

  private static final String TENANT = "00000000-0000-7000-8000-00000000000a";

  private static void execute(TestDatabase test, String... statements) throws SQLException {
    try (Connection connection = test.superuser();
        Statement statement = connection.createStatement()) {
      statement.execute("SET timezone = 'UTC'");
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private static List<String> rows(TestDatabase test, String sql) throws SQLException {
    try (Connection connection = test.superuser();
        Statement statement = connection.createStatement()) {
      statement.execute("SET timezone = 'UTC'");
      try (ResultSet rows = statement.executeQuery(sql)) {
        List<String> texts = new ArrayList<>();
        while (rows.next()) {
          texts.add(rows.getString(1));
        }
        return texts;
      }
    }
  }

  private static String window(String table, String time) {
    return switch (table) {
      case "usage_windows" ->
        "INSERT INTO usage_windows (series_id, window_start, tenant_id, events, value_sum) VALUES"
            + " (1, '%s', '%s', 2, 1.50)".formatted(time, TENANT);
      case "usage_uniques" ->
        "INSERT INTO usage_uniques (series_id, window_start, tenant_id, value_hash, occurrences)"
            + " VALUES (1, '%s', '%s', '\\x01', 2)".formatted(time, TENANT);
      default ->
        "INSERT INTO usage_values (series_id, window_start, tenant_id, value, occurrences)"
            + " VALUES (1, '%s', '%s', 1.5, 2)".formatted(time, TENANT);
    };
  }

  @Test
  void windowsMoveToPartitionsWhole() throws SQLException {
    try (TestDatabase test = TestDatabase.create("0011")) {
      for (String table : List.of("usage_windows", "usage_uniques", "usage_values")) {
        for (String time : List.of(
            "2026-01-31T23:59:00Z",
            "2026-02-01T00:00:00Z",
            "2026-02-28T23:59:00Z",
            "2026-03-01T00:00:00Z",
            "2026-03-01T00:59:00Z",
            "1970-01-01T00:00:00Z",
            "2199-12-31T23:59:00Z")) {
          execute(test, window(table, time));
        }
      }
      List<String> windows = rows(test, "SELECT w::text FROM usage_windows w ORDER BY 1");
      List<String> uniques = rows(test, "SELECT u::text FROM usage_uniques u ORDER BY 1");
      List<String> values = rows(test, "SELECT v::text FROM usage_values v ORDER BY 1");
      assertEquals(7, windows.size());

      test.migrate("latest");

      assertEquals(windows, rows(test, "SELECT w::text FROM usage_windows w ORDER BY 1"));
      assertEquals(uniques, rows(test, "SELECT u::text FROM usage_uniques u ORDER BY 1"));
      assertEquals(values, rows(test, "SELECT v::text FROM usage_values v ORDER BY 1"));
      assertEquals(
          List.of(
              "usage_values_1970_01",
              "usage_values_2026_01",
              "usage_values_2026_02",
              "usage_values_2026_02",
              "usage_values_2026_03",
              "usage_values_2026_03",
              "usage_values_default"),
          rows(test, "SELECT tableoid::regclass::text FROM usage_values ORDER BY window_start"));
      assertEquals(
          List.of(
              "1970-01-01 00:00:00+00",
              "2026-01-31 23:00:00+00",
              "2026-02-01 00:00:00+00",
              "2026-02-28 23:00:00+00",
              "2026-03-01 00:00:00+00",
              "2199-12-31 23:00:00+00"),
          rows(test, "SELECT start::text FROM usage_open WHERE minutes = 60 ORDER BY start"));
    }
  }

  @Test
  void whereOccurrencesOfDistinctValuesAreUnknownTheJournalIsFoldedAnew() throws SQLException {
    String position =
        "INSERT INTO aggregator_positions (lane, sequence, frame_location) VALUES (0, 7, 9)";
    String window = "INSERT INTO usage_windows (series_id, window_start, tenant_id, events) VALUES"
        + " (1, '2026-03-01T00:00:00Z', '%s', 1)".formatted(TENANT);
    String positions = "SELECT concat_ws(' ', sequence, frame_location) FROM aggregator_positions";
    try (TestDatabase test = TestDatabase.create("0006")) {
      execute(test, position, window);
      test.migrate("latest");
      assertEquals(List.of("7 9"), rows(test, positions));
      assertEquals(List.of("1"), rows(test, "SELECT count(*) FROM usage_windows"));
    }
    try (TestDatabase test = TestDatabase.create("0006")) {
      execute(
          test,
          position,
          window,
          "INSERT INTO usage_uniques (series_id, window_start, tenant_id, value_hash) VALUES"
              + " (1, '2026-03-01T00:00:00Z', '%s', '\\x01')".formatted(TENANT));
      test.migrate("latest");
      assertEquals(List.of("0 0"), rows(test, positions));
      assertEquals(List.of("0"), rows(test, "SELECT count(*) FROM usage_windows"));
      assertEquals(List.of("0"), rows(test, "SELECT count(*) FROM usage_uniques"));
    }
  }

  private static void addMonth(TestDatabase test, String time) {
    long minute = EventTime.epochMinute(EventTime.nanos(Instant.parse(time)));
    await(test.database().asEngine(connection -> new MonthStore().addMonth(connection, minute)));
  }

  private static final String TABLES_OF_ROWS =
      "SELECT concat_ws(' ', tableoid::regclass, window_start) FROM usage_windows ORDER BY window_start";

  @Test
  void aMonthTakesOverWhatTheDefaultHasOfIt() throws SQLException {
    try (TestDatabase test = TestDatabase.create()) {
      execute(
          test,
          window("usage_windows", "2026-02-28T23:59:00Z"),
          window("usage_windows", "2026-03-01T00:00:00Z"),
          window("usage_windows", "2026-03-31T23:59:00Z"),
          window("usage_windows", "2026-04-01T00:00:00Z"));
      addMonth(test, "2026-03-31T23:59:00Z");
      addMonth(test, "2026-03-01T00:00:00Z");
      assertEquals(
          List.of(
              "usage_windows_default 2026-02-28 23:59:00+00",
              "usage_windows_2026_03 2026-03-01 00:00:00+00",
              "usage_windows_2026_03 2026-03-31 23:59:00+00",
              "usage_windows_default 2026-04-01 00:00:00+00"),
          rows(test, TABLES_OF_ROWS));
      // The default is as well protected as before.
      assertEquals(
          List.of("t t"),
          rows(
              test,
              "SELECT concat_ws(' ', relrowsecurity, relforcerowsecurity) FROM pg_class"
                  + " WHERE relname = 'usage_windows_default'"));
      assertEquals(
          List.of("fillfactor=80,autovacuum_vacuum_scale_factor=0.05"),
          rows(
              test,
              "SELECT array_to_string(reloptions, ',') FROM pg_class"
                  + " WHERE relname = 'usage_windows_2026_03'"));
    }
  }

  @Test
  void onlyMonthsNearTodayGetAPartition() throws SQLException {
    try (TestDatabase test = TestDatabase.create()) {
      InstantSource clock = InstantSource.fixed(Instant.parse("2026-03-05T12:00:00Z"));
      WindowMonths months = new WindowMonths(test.database(), clock);
      assertTrue(months.isNear(WindowMonths.month(minute("2021-03-01T00:00:00Z"))));
      assertTrue(!months.isNear(WindowMonths.month(minute("2021-02-28T23:59:00Z"))));
      assertTrue(months.isNear(WindowMonths.month(minute("2027-03-31T23:59:00Z"))));
      assertTrue(!months.isNear(WindowMonths.month(minute("2027-04-01T00:00:00Z"))));
    }
  }

  private static long minute(String time) {
    return EventTime.epochMinute(EventTime.nanos(Instant.parse(time)));
  }

  @Test
  void theRollupsGiveMonthsThatHaveComeNearTheirPartition() throws SQLException {
    try (TestDatabase test = TestDatabase.create()) {
      execute(
          test,
          window("usage_windows", "2026-03-01T00:00:00Z"),
          window("usage_windows", "2030-03-01T00:00:00Z"));
      InstantSource clock = InstantSource.fixed(Instant.parse("2026-03-05T12:00:00Z"));
      new RollupSteps(test.database(), clock, MinuteRetention.FOREVER).prepare();
      assertEquals(
          List.of(
              "usage_windows_2026_03 2026-03-01 00:00:00+00",
              "usage_windows_default 2030-03-01 00:00:00+00"),
          rows(test, TABLES_OF_ROWS));
    }
  }

  @Test
  void aMonthWhoseTablesAreInUseIsTriedAgainLater() throws SQLException {
    try (TestDatabase test = TestDatabase.create();
        Connection reader = test.superuser();
        Statement reading = reader.createStatement()) {
      execute(test, window("usage_windows", "2026-03-01T00:00:00Z"));
      reader.setAutoCommit(false);
      reading.execute("SELECT count(*) FROM usage_windows");
      assertThrows(RuntimeException.class, () -> addMonth(test, "2026-03-01T00:00:00Z"));
      reader.rollback();
      addMonth(test, "2026-03-01T00:00:00Z");
      assertEquals(
          List.of("usage_windows_2026_03 2026-03-01 00:00:00+00"), rows(test, TABLES_OF_ROWS));
    }
  }

  @Test
  void monthsThatAreNoLongerKeptAreNotMadeAgain() throws SQLException {
    try (TestDatabase test = TestDatabase.create()) {
      for (String time : List.of("2026-01-15T00:00:00Z", "2026-02-15T00:00:00Z")) {
        addMonth(test, time);
        for (String table : List.of("usage_windows", "usage_uniques", "usage_values")) {
          execute(test, window(table, time));
        }
      }
      execute(test, window("usage_values", "1999-01-01T00:00:00Z"));
      await(test.database().asEngine(connection -> {
        RollupStore store = new RollupStore();
        long february = minute("2026-02-01T00:00:00Z");
        return store
            .lock(connection)
            .compose(marks -> store.move(connection, new Watermarks(february, february, february)))
            .compose(moved -> new MonthStore().dropMonths(connection, february));
      }));
      deleteStrays(test, 1_000, 1);
      addMonth(test, "2026-01-15T00:00:00Z");
      assertEquals(
          List.of("usage_uniques_2026_02", "usage_values_2026_02", "usage_windows_2026_02"),
          rows(
              test,
              "SELECT relname FROM pg_class WHERE relkind = 'r' AND relname ~ '_20[0-9]{2}_'"
                  + " ORDER BY 1"));
      for (Grain grain : List.of(Grain.MINUTE)) {
        for (String table : List.of(grain.windowTable(), grain.uniqueTable(), grain.valueTable())) {
          assertEquals(
              List.of("2026-02-15 00:00:00+00"),
              rows(test, "SELECT window_start::text FROM " + table));
        }
      }
    }
  }

  /** Deletes all, and checks how many steps that takes. */
  private static void deleteStrays(TestDatabase test, int max, int steps) {
    int taken = 0;
    while (await(
            test.database().asEngine(connection -> new MonthStore().deleteStrays(connection, max)))
        > 0) {
      taken++;
    }
    assertEquals(steps, taken);
  }

  @Test
  void whatTheDefaultHasOfMonthsThatAreGoneIsDeletedAFewAtATime() throws SQLException {
    try (TestDatabase test = TestDatabase.create()) {
      execute(
          test,
          "INSERT INTO usage_windows (series_id, window_start, tenant_id, events)"
              + " SELECT n, '2001-05-01T00:00:00Z', '%s', 1 FROM generate_series(1, 25) AS n"
                  .formatted(TENANT),
          window("usage_windows", "2026-03-01T00:00:00Z"),
          window("usage_uniques", "2026-02-28T23:59:00Z"),
          "UPDATE usage_rollup SET hours_to = '2026-03-02Z', days_to = '2026-03-02Z',"
              + " minutes_from = '2026-03-01Z'");
      deleteStrays(test, 10, 3);
      assertEquals(
          List.of("usage_windows_default 2026-03-01 00:00:00+00"), rows(test, TABLES_OF_ROWS));
      assertEquals(List.of("0"), rows(test, "SELECT count(*) FROM usage_uniques"));
    }
  }

  @Test
  void whatIsInUseIsLeftForTheNextRound() throws SQLException {
    try (TestDatabase test = TestDatabase.create();
        Connection other = test.superuser();
        Statement using = other.createStatement()) {
      execute(test, window("usage_windows", "2026-03-01T00:00:00Z"));
      InstantSource clock = InstantSource.fixed(Instant.parse("2026-03-05T12:00:00Z"));
      RollupSteps steps = new RollupSteps(test.database(), clock, MinuteRetention.FOREVER);
      other.setAutoCommit(false);
      using.execute("SELECT count(*) FROM usage_windows");
      // As a vacuum does.
      using.execute("LOCK TABLE usage_hours IN SHARE UPDATE EXCLUSIVE MODE");
      steps.prepare();
      assertEquals(
          List.of("usage_windows_default 2026-03-01 00:00:00+00"), rows(test, TABLES_OF_ROWS));
      other.rollback();
      steps.prepare();
      assertEquals(
          List.of("usage_windows_2026_03 2026-03-01 00:00:00+00"), rows(test, TABLES_OF_ROWS));
      assertEquals(
          List.of("usage_values_2026_04"),
          rows(test, "SELECT relname FROM pg_class WHERE relname = 'usage_values_2026_04'"));
    }
  }

  @Test
  void aMonthOfWhichTheDefaultHasVeryMuchStaysThere() throws SQLException {
    try (TestDatabase test = TestDatabase.create()) {
      execute(
          test,
          "INSERT INTO usage_windows (series_id, window_start, tenant_id, events)"
              + " SELECT n, '2026-02-01T00:00:00Z', '%s', 1 FROM generate_series(1, 250001) AS n"
                  .formatted(TENANT),
          window("usage_windows", "2026-03-01T00:00:00Z"));
      InstantSource clock = InstantSource.fixed(Instant.parse("2026-03-05T12:00:00Z"));
      new RollupSteps(test.database(), clock, MinuteRetention.FOREVER).prepare();
      assertEquals(
          List.of("usage_windows_2026_03 1", "usage_windows_default 250001"),
          rows(
              test,
              "SELECT concat_ws(' ', tableoid::regclass, count(*)) FROM usage_windows"
                  + " GROUP BY tableoid::regclass ORDER BY 1"));
      assertEquals(
          List.of("t"),
          rows(
              test,
              "SELECT relforcerowsecurity FROM pg_class WHERE relname = 'usage_windows_default'"));
      // One less, and it goes.
      execute(test, "DELETE FROM usage_windows WHERE series_id = 250001");
      new RollupSteps(test.database(), clock, MinuteRetention.FOREVER).prepare();
      assertEquals(List.of("0"), rows(test, "SELECT count(*) FROM usage_windows_default"));
    }
  }

  @Test
  void minutesDoNotGoUnderAQuery() {
    try (TestDatabase test = TestDatabase.create()) {
      addMonth(test, "2026-01-15T00:00:00Z");
      Meter meter = UsageCases.meters().get(0);
      Promise<Void> answered = Promise.promise();
      Promise<Void> mayEnd = Promise.promise();
      Future<Void> reading = test.database()
          .inTenant(
              meter.tenantId(),
              connection -> new UsageStore()
                  .query(
                      connection,
                      UsageQuery.total(
                          meter,
                          Instant.parse("2026-03-01T00:00:00Z"),
                          Instant.parse("2026-03-02T00:00:00Z"),
                          Set.of(),
                          Map.of()))
                  .compose(rows -> {
                    answered.complete();
                    return mayEnd.future();
                  }));
      await(answered.future());
      MonthStore store = new MonthStore();
      long february = minute("2026-02-01T00:00:00Z");
      RuntimeException refused = assertThrows(
          RuntimeException.class,
          () -> await(
              test.database().asEngine(connection -> store.dropMonths(connection, february))));
      assertTrue(
          String.valueOf(refused.getMessage()).contains("lock timeout"), refused.getMessage());
      mayEnd.complete();
      await(reading);
      await(test.database().asEngine(connection -> store.dropMonths(connection, february)));
    }
  }

  @Test
  void nobodyButTheEngineMakesOrDropsMonths() {
    try (TestDatabase test = TestDatabase.create()) {
      for (String call : List.of(
          "SELECT weir_add_month('2026-03-01Z')",
          "SELECT weir_drop_months('2026-03-01Z')",
          "SELECT weir_summarize(1::oid)",
          "SELECT weir_hold_minutes()",
          "CALL weir_forget_windows()",
          "UPDATE usage_rollup SET hours_to = now()",
          "UPDATE usage_closing SET hours_to = now()",
          "DELETE FROM usage_late",
          "SELECT weir_hold_rollups()",
          "DELETE FROM usage_open")) {
        RuntimeException refused = assertThrows(
            RuntimeException.class,
            () -> await(test.database()
                .inTenant(test.newTenant(), connection -> connection.query(call).execute())));
        assertTrue(
            String.valueOf(refused.getMessage()).contains("permission denied"),
            refused.getMessage());
      }
      RuntimeException refused = assertThrows(
          RuntimeException.class,
          () -> await(test.database()
              .asEngine(
                  connection -> connection.query("CALL weir_forget_windows()").execute())));
      assertTrue(
          String.valueOf(refused.getMessage()).contains("permission denied"), refused.getMessage());
    }
  }
}
