package dev.weir.metering.rollup;

import static dev.weir.metering.TestMetering.awaitUntil;
import static dev.weir.metering.database.TestDatabase.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.weir.metering.database.TestDatabase;
import io.vertx.core.Future;
import io.vertx.pgclient.PgException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Months get their partitions while others make them too, and read and write. */
class MonthPartitionsIT {

  private static final String TENANT = "00000000-0000-7000-8000-00000000000a";
  private static final LocalDate FIRST = LocalDate.parse("2024-01-01");
  private static final int MONTHS = 30;
  private static final int ROWS_A_MONTH = 20;
  private static final int ROUNDS = 2;

  /** Work done over and over until told to end. */
  private static final class Loop {
    private final AtomicBoolean ends = new AtomicBoolean();
    private final AtomicLong turns = new AtomicLong();
    private final AtomicReference<Throwable> fault = new AtomicReference<>();
    private final Thread thread;

    private interface Turn {
      void run(Statement statement, long turn) throws SQLException;
    }

    Loop(TestDatabase test, Turn turn) {
      thread = new Thread(() -> {
        try (Connection connection = test.superuser();
            Statement statement = connection.createStatement()) {
          while (!ends.get()) {
            turn.run(statement, turns.get());
            turns.incrementAndGet();
          }
        } catch (Throwable e) {
          fault.set(e);
        }
      });
      thread.start();
      awaitUntil("a first turn", () -> turns.get() > 0 || fault.get() != null);
    }

    void end() throws InterruptedException {
      ends.set(true);
      thread.join();
      assertNull(fault.get());
    }
  }

  private static LocalDate month(int number) {
    return FIRST.plusMonths(number);
  }

  private static Future<Void> addMonth(TestDatabase test, int number) {
    long minute = month(number).atStartOfDay(ZoneOffset.UTC).toEpochSecond() / 60;
    return test.database()
        .asEngine(connection -> new MonthStore().addMonth(connection, minute))
        // As whoever needs a month does: a query may hold the tables for long.
        .recover(e -> e instanceof PgException refused && "55P03".equals(refused.getSqlState())
            ? addMonth(test, number)
            : Future.failedFuture(e));
  }

  /** Windows of each month, in the default partition. */
  private static void fill(TestDatabase test) throws SQLException {
    try (Connection connection = test.superuser();
        PreparedStatement statement = connection.prepareStatement(
            "INSERT INTO usage_windows (series_id, window_start, tenant_id, events, value_sum)"
                + " SELECT n, ?::timestamptz + n * interval '1 minute', ?::uuid, 1, n"
                + " FROM generate_series(1, ?) AS n")) {
      for (int i = 0; i < MONTHS; i++) {
        statement.setString(1, month(i) + "T00:00:00Z");
        statement.setString(2, TENANT);
        statement.setInt(3, ROWS_A_MONTH);
        statement.execute();
      }
    }
  }

  private static String one(TestDatabase test, String sql) throws SQLException {
    try (Connection connection = test.superuser();
        Statement statement = connection.createStatement()) {
      return one(statement, sql);
    }
  }

  private static String one(Statement statement, String sql) throws SQLException {
    try (ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }

  private static void assertAllHaveTheirPartition(TestDatabase test) throws SQLException {
    for (String table : List.of("usage_windows", "usage_uniques", "usage_values")) {
      assertEquals("0", one(test, "SELECT count(*) FROM " + table + "_default"));
      assertEquals(
          Integer.toString(MONTHS + 1),
          one(
              test,
              "SELECT count(*) FROM pg_inherits WHERE inhparent = '%s'::regclass"
                  .formatted(table)));
    }
  }

  @Test
  void severalMakeTheSameAndOtherMonthsAtOnce() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      try (TestDatabase test = TestDatabase.create()) {
        fill(test);
        Loop writing = new Loop(
            test,
            (statement, turn) -> statement.execute("INSERT INTO usage_windows AS w (series_id,"
                + " window_start, tenant_id, events) VALUES (1, '%sT00:01:00Z', '%s', 1)"
                    .formatted(month((int) (turn % MONTHS)), TENANT)
                + " ON CONFLICT (series_id, window_start) DO UPDATE SET events = w.events + 1"));
        for (int i = 0; i + 1 < MONTHS; i++) {
          List<Future<Void>> adding = new ArrayList<>();
          for (int number : new int[] {i, i, i + 1, i}) {
            adding.add(addMonth(test, number));
          }
          await(Future.join(adding).mapEmpty());
        }
        writing.end();
        assertAllHaveTheirPartition(test);
        assertEquals(
            Long.toString((long) MONTHS * ROWS_A_MONTH + writing.turns.get()),
            one(test, "SELECT sum(events) FROM usage_windows"));
      }
    }
  }

  @Test
  void whoeverReadsMeanwhileSeesEveryWindowOnce() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      try (TestDatabase test = TestDatabase.create()) {
        fill(test);
        String all = one(test, "SELECT concat(count(*), ' ', sum(value_sum)) FROM usage_windows");
        List<Loop> readers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
          readers.add(new Loop(
              test,
              (statement, turn) -> assertEquals(
                  all,
                  one(
                      statement,
                      "SELECT concat(count(*), ' ', sum(value_sum)) FROM usage_windows"))));
        }
        for (int i = 0; i < MONTHS; i++) {
          await(addMonth(test, i));
        }
        for (Loop reader : readers) {
          reader.end();
        }
        assertAllHaveTheirPartition(test);
      }
    }
  }
}
