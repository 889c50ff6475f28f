package dev.weir.metering.backfill;

import static dev.weir.metering.TestMetering.awaitUntil;
import static dev.weir.metering.backfill.BackfillFixture.awaitRemoved;
import static dev.weir.metering.backfill.BackfillFixture.awaitState;
import static dev.weir.metering.backfill.BackfillFixture.begin;
import static dev.weir.metering.backfill.BackfillFixture.current;
import static dev.weir.metering.backfill.BackfillFixture.events;
import static dev.weir.metering.backfill.BackfillFixture.remains;
import static dev.weir.metering.backfill.BackfillFixture.rows;
import static dev.weir.metering.database.TestDatabase.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.metering.TestMetering;
import dev.weir.metering.database.Database;
import dev.weir.metering.database.LossyLink;
import dev.weir.metering.database.TestDatabase;
import dev.weir.metering.journal.CycleArchive;
import dev.weir.metering.journal.LaneFiles;
import dev.weir.metering.meter.Aggregation;
import dev.weir.metering.meter.Meter;
import dev.weir.metering.meter.MeterStore;
import dev.weir.metering.usage.UsageStore;
import io.vertx.core.Promise;
import io.vertx.pgclient.PgConnectOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backfills against lost databases and answers, second workers, and journals with holes. */
class BackfillFaultIT {

  private static final BackfillOptions NO_WORKER = new BackfillOptions(0, 10, 20, 50);
  private static final BackfillOptions SMALL = new BackfillOptions(1, 10, 20, 50);

  @TempDir
  Path directory;

  private final TestDatabase test = TestDatabase.create();
  private final UUID tenant = test.newTenant();
  private final AtomicReference<Instant> time = new AtomicReference<>(TestMetering.NOW);

  @AfterEach
  void close() {
    test.close();
  }

  private TestMetering start(Database database, String name, BackfillOptions options)
      throws Exception {
    return TestMetering.start(
        test, database, tenant, directory.resolve(name), 1, options, time::get);
  }

  private TestMetering start(BackfillOptions options) throws Exception {
    return start(test.database(), "journal", options);
  }

  /** A meter, events that came before it, and a backfill that nobody works on yet. */
  private record Begun(Meter meter, UUID id) {}

  private Begun begun(int events) throws Exception {
    try (TestMetering metering = start(NO_WORKER)) {
      for (int i = 0; i < events; i += 50) {
        metering.send(events("e", i, i + 50));
      }
      Meter meter = metering.meter("sum", Aggregation.SUM, "$.n", Map.of("model", "$.m"));
      return new Begun(meter, begin(metering, meter, null).id());
    }
  }

  private Backfill look(Begun begun) {
    return BackfillFixture.look(test, begun.meter(), begun.id());
  }

  private static String sumBelow(long end) {
    return Long.toString(end * (end - 1) / 2);
  }

  @Test
  void whileTheDatabaseIsAwayABackfillWaitsAndThenCountsEverythingOnce() throws Exception {
    Begun begun = begun(1_500);
    try (TestMetering metering = start(SMALL)) {
      for (int i = 0; i < 3; i++) {
        long chunks = look(begun).progress().chunks();
        awaitUntil("progress", () -> {
          Backfill now = look(begun);
          return now.progress().chunks() > chunks || now.state().isEnd();
        });
        test.allowConnections(false);
        metering.send(events("away-" + i + "-", 0, 50));
        awaitUntil("away is noticed", () -> metering.engine().aggregator().flushFailure() != null);
        test.allowConnections(true);
      }
      awaitState(test, begun.meter(), begun.id(), BackfillState.COMPLETED);
      assertEquals(
          Long.toString(1_500L * 1_499 / 2 + 3 * 1_225),
          metering.total(current(test, begun.meter())));
    }
  }

  @Test
  void aChunkWhoseAnswerIsLostCountsOnce() throws Exception {
    Begun begun = begun(1_000);
    try (LossyLink link = new LossyLink(test.login().getPort())) {
      PgConnectOptions login = test.login().setHost("127.0.0.1").setPort(link.port());
      Database database = Database.open(test.vertx(), login, 4, 4);
      try (TestMetering metering = start(database, "journal", SMALL)) {
        int lost = 0;
        for (Backfill now = look(begun); !now.state().isEnd(); now = look(begun)) {
          long chunks = now.progress().chunks();
          assertTrue(link.loseNextCommit().await(20, TimeUnit.SECONDS));
          lost++;
          link.mend();
          awaitUntil(
              "progress",
              () -> look(begun).progress().chunks() > chunks + 1
                  || look(begun).state().isEnd());
        }
        assertTrue(lost > 3, "lost answers: " + lost);
        assertEquals(BackfillState.COMPLETED, look(begun).state());
        assertEquals(sumBelow(1_000), metering.total(current(test, begun.meter())));
      }
      await(database.close());
    }
  }

  @Test
  void ofTwoWorkersOneLosesTheFence() throws Exception {
    Begun begun = begun(2_000);
    // The second knows the backfill as it was, and tries to go on from there.
    Backfill old = look(begun);
    try (TestMetering metering = start(SMALL)) {
      awaitUntil("progress", () -> look(begun).progress().chunks() > 2);
      ChunkWriter second =
          new ChunkWriter(test.database(), new BackfillStore(), time::get, () -> false, old);
      second.write(null, old.progress().started(old.progress().done(), null));
      boolean lost = false;
      try {
        second.settle();
      } catch (ChunkWriter.FenceLost e) {
        lost = true;
      }
      assertTrue(lost);
      awaitState(test, begun.meter(), begun.id(), BackfillState.COMPLETED);
      assertEquals(sumBelow(2_000), metering.total(current(test, begun.meter())));
    }
  }

  /** Hours of events, of which the first file is then removed. */
  private Begun withoutItsFirstHour(Instant from) throws Exception {
    Begun begun;
    try (TestMetering metering = start(NO_WORKER)) {
      for (int hour = 0; hour < 4; hour++) {
        time.set(TestMetering.NOW.plus(Duration.ofHours(hour)));
        metering.send(events("h" + hour + "-", hour * 100, hour * 100 + 100));
      }
      Meter meter = metering.meter("sum", Aggregation.SUM, "$.n", Map.of());
      await(metering.engine().awaitAllVisible(Duration.ofMinutes(2)));
      begun = new Begun(meter, begin(metering, meter, null, from).id());
    }
    LaneFiles files = LaneFiles.of(directory.resolve("journal"), 0, CycleArchive.NONE);
    Files.delete(files.path(files.cycles().first()));
    return begun;
  }

  @Test
  void aJournalWithoutItsBeginningFailsTheBackfillWithTheReason() throws Exception {
    Begun begun = withoutItsFirstHour(null);
    try (TestMetering metering = start(SMALL)) {
      Backfill failed = awaitState(test, begun.meter(), begun.id(), BackfillState.FAILED);
      assertEquals("METER_BACKFILL_JOURNAL_INCOMPLETE", failed.reason().code());
      assertTrue(failed.reason().text().contains("lane 0 up to sequence 100"), failed.toString());
      assertTrue(failed.reason().text().contains("'from'"), failed.toString());
      awaitRemoved(test, begun.id());
      assertEquals(begun.meter(), current(test, begun.meter()));
    }
  }

  @Test
  void withFromItCountsWhatIsLeftAndSaysSince() throws Exception {
    Begun begun = withoutItsFirstHour(Instant.EPOCH);
    try (TestMetering metering = start(SMALL)) {
      Backfill done = awaitState(test, begun.meter(), begun.id(), BackfillState.COMPLETED);
      assertEquals(TestMetering.NOW.plus(Duration.ofHours(1)), done.progress().completeFrom());
      assertEquals("0:100", String.valueOf(done.progress().start()));
      assertEquals(300, done.progress().total());
      assertEquals("100.00", done.progress().percent().toString());
      assertEquals(
          Long.toString(400L * 399 / 2 - 100 * 99 / 2),
          metering.total(current(test, begun.meter())));
    }
  }

  @Test
  void fromInTheMiddleBeginsWithItsHour() throws Exception {
    Instant third = TestMetering.NOW.plus(Duration.ofHours(2));
    Begun begun = withoutItsFirstHour(third.plus(Duration.ofMinutes(20)));
    try (TestMetering metering = start(SMALL)) {
      Backfill done = awaitState(test, begun.meter(), begun.id(), BackfillState.COMPLETED);
      assertEquals(third, done.progress().completeFrom());
      assertEquals("0:200", String.valueOf(done.progress().start()));
      assertEquals(
          Long.toString(400L * 399 / 2 - 200 * 199 / 2),
          metering.total(current(test, begun.meter())));
    }
  }

  @Test
  void fromAfterTheLastFileCountsWhatComes() throws Exception {
    Begun begun;
    try (TestMetering metering = start(NO_WORKER)) {
      metering.send(events("e", 0, 100));
      Meter meter = metering.meter("sum", Aggregation.SUM, "$.n", Map.of());
      await(metering.engine().awaitAllVisible(Duration.ofMinutes(2)));
      time.set(TestMetering.NOW.plus(Duration.ofHours(5)));
      begun = new Begun(meter, begin(metering, meter, null, time.get()).id());
    }
    try (TestMetering metering = start(SMALL)) {
      Backfill done = awaitState(test, begun.meter(), begun.id(), BackfillState.COMPLETED);
      assertEquals(0, done.progress().total());
      metering.send(events("e", 100, 110));
      assertEquals("1045", metering.total(current(test, begun.meter())));
    }
  }

  @Test
  void aDamagedJournalFailsTheBackfillNamingThePlace() throws Exception {
    try (TestMetering metering = start(SMALL)) {
      for (int hour = 0; hour < 3; hour++) {
        time.set(TestMetering.NOW.plus(Duration.ofHours(hour)));
        metering.send(events("h" + hour + "-", 0, 100));
      }
      Meter meter = metering.meter("sum", Aggregation.SUM, "$.n", Map.of());
      await(metering.engine().awaitAllVisible(Duration.ofMinutes(2)));
      LaneFiles files = LaneFiles.of(directory.resolve("journal"), 0, CycleArchive.NONE);
      Path second = files.path(files.cycles().stream().skip(1).findFirst().orElseThrow());
      damage(second, "h1-50");
      UUID id = begin(metering, meter, null).id();
      Backfill failed = awaitState(test, meter, id, BackfillState.FAILED);
      assertEquals("METER_BACKFILL_JOURNAL_UNREADABLE", failed.reason().code());
      assertTrue(failed.reason().text().contains(second.toString()), failed.toString());
      awaitRemoved(test, id);
      assertEquals(meter, current(test, meter));
      // Aggregation does not read what lies behind it.
      metering.send(events("e", 0, 10));
      assertEquals("45", metering.total(meter));
    }
  }

  private static void damage(Path file, String text) throws IOException {
    byte[] wanted = text.getBytes(StandardCharsets.UTF_8);
    byte[] bytes = Files.readAllBytes(file);
    for (int at = 0; at < bytes.length - wanted.length; at++) {
      if (Arrays.equals(bytes, at, at + wanted.length, wanted, 0, wanted.length)) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
          channel.write(ByteBuffer.wrap(new byte[] {'H'}), at);
        }
        return;
      }
    }
    throw new AssertionError(text + " is not in " + file);
  }

  @Test
  void usageThatIsRebuiltMakesTheBackfillBeginAnew() throws Exception {
    Begun begun = begun(8_000);
    try (TestMetering metering = start(SMALL)) {
      awaitUntil("progress", () -> look(begun).progress().chunks() > 3);
    }
    if (look(begun).state().isEnd()) {
      throw new AssertionError("ended too soon");
    }
    execute("CALL weir_forget_windows()", "TRUNCATE usage_series");
    try (TestMetering metering = start(SMALL)) {
      Backfill failed = awaitState(test, begun.meter(), begun.id(), BackfillState.FAILED);
      assertTrue(failed.reason().text().contains("rebuilt"), failed.toString());
      UUID again = begin(metering, begun.meter(), null).id();
      awaitState(test, begun.meter(), again, BackfillState.COMPLETED);
      assertEquals(sumBelow(8_000), metering.total(current(test, begun.meter())));
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
  void oldUsageStaysForThoseWhoWereLedToIt() throws Exception {
    try (TestMetering metering = start(SMALL)) {
      Meter meter = metering.meter("sum", Aggregation.SUM, "$.n", Map.of());
      metering.send(events("e", 0, 100));
      metering.total(meter);
      Promise<String> reading = Promise.promise();
      Promise<Void> mayGoOn = Promise.promise();
      test.database()
          .inTenant(
              tenant,
              connection -> new MeterStore()
                  .find(connection, tenant, "sum")
                  .compose(found -> mayGoOn
                      .future()
                      .compose(go -> new UsageStore().total(connection, TestMetering.all(found)))))
          .map(String::valueOf)
          .onComplete(reading);
      UUID id = begin(metering, meter, null).id();
      awaitState(test, meter, id, BackfillState.COMPLETED);
      assertEquals(List.of("(3,0,1)"), remains(test, meter.id()));
      mayGoOn.complete();
      assertEquals("4950", await(reading.future()));
      awaitRemoved(test, meter.id());
    }
  }

  @Test
  void everyTableOfUsageIsEmptiedWhenUsageIsRemoved() throws Exception {
    // What is noted of late windows, the next rollup takes.
    List<String> tables = rows(test, """
        SELECT c.oid::regclass::text FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
         WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND a.attname = 'series_id'
           AND c.relnamespace = 'public'::regnamespace
           AND c.relname NOT IN ('usage_series', 'usage_late')
         ORDER BY 1""");
    assertEquals(
        tables, UsageRemovals.TABLES.stream().sorted().map("(%s)"::formatted).toList());
  }
}
