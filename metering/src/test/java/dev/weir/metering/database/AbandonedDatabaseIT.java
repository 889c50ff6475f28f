package dev.weir.metering.database;

import static dev.weir.metering.database.TestDatabase.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.sqlclient.SqlConnection;
import java.io.IOException;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A database that stops answering, and a process that must end all the same. */
final class AbandonedDatabaseIT {

  private TestDatabase test;
  private LossyLink link;
  private Database database;

  @BeforeEach
  void open() throws IOException {
    test = TestDatabase.create();
    link = new LossyLink(test.login().getPort());
    database = Database.open(test.vertx(), test.login().setPort(link.port()), 2, 2);
  }

  @AfterEach
  void close() throws IOException {
    link.close();
    test.close();
  }

  private static Future<Integer> one(SqlConnection connection) {
    return connection
        .query("SELECT 1")
        .execute()
        .map(rows -> rows.iterator().next().getInteger(0));
  }

  @Test
  void whatIsUnderWayAndWhatComesLaterFailsAtOnce() {
    UUID tenant = test.newTenant();
    assertEquals(1, await(database.asEngine(AbandonedDatabaseIT::one)));
    Promise<Void> begun = Promise.promise();
    Future<Integer> underWay = database.asEngine(connection -> {
      link.fallSilent();
      begun.complete();
      return one(connection);
    });
    await(begun.future());
    Future<Integer> connecting = database.inTenant(tenant, AbandonedDatabaseIT::one);
    Future<Void> ended = database.earlierTransactionsEnded();
    assertFalse(underWay.isComplete());
    assertFalse(ended.isComplete());

    database.abandon();

    assertAbandoned(underWay);
    assertAbandoned(connecting);
    assertAbandoned(database.asEngine(AbandonedDatabaseIT::one));
    assertAbandoned(database.inTenant(tenant, AbandonedDatabaseIT::one));
    await(ended);
    await(database.close());
  }

  private static void assertAbandoned(Future<Integer> transaction) {
    Throwable failure = assertThrows(Database.Abandoned.class, () -> await(transaction));
    assertTrue(Outage.is(failure));
  }

  @Test
  void whatHasEndedIsNotTouched() {
    Future<Integer> done = database.asEngine(AbandonedDatabaseIT::one);
    assertEquals(1, await(done));
    database.abandon();
    assertEquals(1, await(done));
    await(database.close());
  }
}
