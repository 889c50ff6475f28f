package dev.weir.metering.aggregate;

import static dev.weir.metering.TestMetering.awaitUntil;
import static dev.weir.metering.database.TestDatabase.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.weir.metering.TestMetering;
import dev.weir.metering.database.TestDatabase;
import dev.weir.metering.journal.JournalPosition;
import dev.weir.metering.meter.Aggregation;
import dev.weir.metering.meter.Meter;
import dev.weir.metering.meter.MeterDefinition;
import dev.weir.metering.meter.MeterStore;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Changes of meters whose transaction ends later than its caller waits for it. */
class MeterChangesIT {

  @TempDir
  Path directory;

  private TestDatabase test;
  private UUID tenant;

  @BeforeEach
  void create() {
    test = TestDatabase.create();
    tenant = test.newTenant();
  }

  @AfterEach
  void close() {
    test.close();
  }

  private Meter meter(String key) {
    return new MeterDefinition(key, null, "t", Aggregation.COUNT, null, Map.of(), Map.of())
        .toMeter(UUID.randomUUID(), tenant, TestMetering.NOW);
  }

  private boolean somebodyWaitsForTheLock() {
    try (Connection connection = test.superuser();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT count(*) FROM pg_locks"
            + " WHERE locktype = 'advisory' AND NOT granted"
            + " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())")) {
      rows.next();
      return rows.getInt(1) > 0;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Adds a meter in a transaction that ends when the promise does. */
  private Future<Void> addLate(Meter meter, Promise<Void> end) {
    MeterStore meters = new MeterStore();
    Promise<Void> begun = Promise.promise();
    Future<Void> late = test.database()
        .inTenant(
            tenant,
            connection -> meters
                .lockChanges(connection)
                .compose(locked -> meters.add(connection, meter, JournalPosition.START))
                .compose(added -> {
                  begun.complete();
                  return end.future();
                }));
    await(begun.future());
    return late;
  }

  @Test
  void aStartWaitsForAChangeThatIsUnderWayAndCountsByIt() throws Exception {
    Promise<Void> end = Promise.promise();
    Future<Void> late = addLate(meter("late"), end);
    Promise<TestMetering> started = Promise.promise();
    Thread starting = new Thread(() -> {
      try {
        started.complete(TestMetering.start(test, tenant, directory, 1));
      } catch (Exception e) {
        started.fail(e);
      }
    });
    starting.start();
    awaitUntil("the start waits", this::somebodyWaitsForTheLock);
    assertFalse(started.future().isComplete());
    end.complete();
    await(late);
    try (TestMetering metering = await(started.future())) {
      byte[] event = "{\"id\":\"1\",\"source\":\"s\",\"type\":\"t\",\"subject\":\"u\",\"data\":{}}"
          .getBytes(StandardCharsets.UTF_8);
      await(metering.engine().take(metering.context(), tenant, event, false));
      await(metering.engine().awaitAllVisible(Duration.ofSeconds(30)));
      assertEquals(1, windows());
    }
  }

  private int windows() throws SQLException {
    try (Connection connection = test.superuser();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT count(*) FROM usage_windows")) {
      rows.next();
      return rows.getInt(1);
    }
  }

  @Test
  void oneChangeWaitsForAnother() throws Exception {
    try (TestMetering metering = TestMetering.start(test, tenant, directory, 1)) {
      Promise<Void> end = Promise.promise();
      Future<Void> late = addLate(meter("late"), end);
      Future<Meter> next = metering.engine().addMeter(meter("next"));
      awaitUntil("the change waits", this::somebodyWaitsForTheLock);
      assertFalse(next.isComplete());
      end.complete();
      await(late);
      assertEquals("next", await(next).key());
      assertEquals(
          2,
          await(test.database()
                  .inTenant(tenant, connection -> new MeterStore().list(connection, tenant)))
              .size());
    }
  }
}
