package dev.weir.metering.backfill;

import static dev.weir.metering.TestMetering.all;
import static dev.weir.metering.TestMetering.event;
import static dev.weir.metering.backfill.BackfillFixture.awaitRemoved;
import static dev.weir.metering.backfill.BackfillFixture.begin;
import static dev.weir.metering.backfill.BackfillFixture.current;
import static dev.weir.metering.backfill.BackfillFixture.kept;
import static dev.weir.metering.backfill.BackfillFixture.look;
import static dev.weir.metering.database.TestDatabase.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.metering.TestMetering;
import dev.weir.metering.database.TestDatabase;
import dev.weir.metering.event.Verdict;
import dev.weir.metering.meter.Aggregation;
import dev.weir.metering.meter.Meter;
import dev.weir.metering.meter.MeterStore;
import dev.weir.metering.usage.UsageStore;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Events come and queries are asked while a backfill reads and switches: every total is exact. */
class BackfillUnderLoadIT {

  private static final int BEFORE = 20_000;
  private static final int SENDERS = 3;
  private static final int READERS = 3;

  /**
   * Events the senders may be ahead of the backfill: with chunks this small, and all of it on a slow
   * machine, senders without a bound could outrun it for ever.
   */
  private static final long LEAD_MAX = 60_000;

  @TempDir
  Path directory;

  private final TestDatabase test = TestDatabase.create();
  private final UUID tenant = test.newTenant();
  private final AtomicBoolean over = new AtomicBoolean();
  private final AtomicLong next = new AtomicLong();
  private final AtomicLong sum = new AtomicLong();
  private final AtomicLong replayed = new AtomicLong();
  private final AtomicLong readsOfOld = new AtomicLong();
  private final AtomicLong readsOfNew = new AtomicLong();
  private final ExecutorService threads = Executors.newFixedThreadPool(SENDERS + READERS);

  @AfterEach
  void close() {
    threads.shutdownNow();
    test.close();
  }

  @Test
  void totalsAreTheOldOrTheNewAndNothingElse() throws Exception {
    BackfillOptions options = new BackfillOptions(1, 10, 1_000, 10_000);
    try (TestMetering metering = TestMetering.start(
        test, test.database(), tenant, directory.resolve("journal"), 2, options)) {
      Meter always = metering.meter("always", Aggregation.SUM, "$.n", Map.of("model", "$.m"));
      while (next.get() < BEFORE) {
        send(metering, 500);
      }
      long before = sum.get();
      metering.total(always);
      Meter late = metering.meter("late", Aggregation.SUM, "$.n", Map.of("model", "$.m"));
      List<java.util.concurrent.Future<?>> work = new ArrayList<>();
      for (int i = 0; i < SENDERS; i++) {
        work.add(threads.submit(() -> {
          while (!over.get()) {
            if (next.get() - replayed.get() < LEAD_MAX) {
              send(metering, 200);
            } else {
              LockSupport.parkNanos(1_000_000);
            }
          }
        }));
      }
      for (int i = 0; i < READERS; i++) {
        work.add(threads.submit(() -> {
          while (!over.get()) {
            read(before);
          }
        }));
      }
      TestMetering.awaitUntil("the old usage is read", () -> readsOfOld.get() > 20);
      UUID id = begin(metering, late, null).id();
      TestMetering.awaitUntil("the switch", () -> hasEnded(late, id));
      assertEquals(BackfillState.COMPLETED, look(test, late, id).state());
      replayed.set(Long.MAX_VALUE);
      long then = readsOfNew.get();
      TestMetering.awaitUntil("the new usage is read", () -> readsOfNew.get() > then + 50);
      over.set(true);
      for (java.util.concurrent.Future<?> one : work) {
        one.get(60, TimeUnit.SECONDS);
      }
      Meter filled = current(test, late);
      assertEquals(Long.toString(sum.get()), metering.total(always));
      assertEquals(Long.toString(sum.get()), metering.total(filled));
      assertEquals(kept(test, always), kept(test, filled));
      awaitRemoved(test, late.id());
      assertNull(metering.engine().aggregator().failure());
      assertTrue(readsOfOld.get() > 0);
    }
  }

  private boolean hasEnded(Meter meter, UUID id) {
    Backfill backfill = look(test, meter, id);
    replayed.set(backfill.progress().scanned());
    return backfill.state().isEnd();
  }

  private void send(TestMetering metering, int count) {
    StringBuilder lines = new StringBuilder();
    long own = 0;
    for (int i = 0; i < count; i++) {
      long number = next.getAndIncrement();
      own += number;
      lines
          .append(event(
              "e" + number,
              "2026-03-0%dT00:%02d:%02dZ".formatted(1 + number % 3, number % 7, number % 60),
              "s" + number % 5,
              "{\"n\":%d,\"m\":\"m%d\"}".formatted(number, number % 3)))
          .append('\n');
    }
    assertEquals(count, metering.send(lines.toString()).count(Verdict.ACCEPTED));
    sum.addAndGet(own);
  }

  /** Each statement has its own view of the database, so the total lies between two of the measure. */
  private void read(long before) {
    await(test.database()
        .inTenant(
            tenant,
            connection -> total(connection, "always")
                .compose(low -> total(connection, "late")
                    .compose(value -> total(connection, "always").map(high -> {
                      judge(low, value, high, before);
                      return null;
                    })))));
  }

  private Future<Long> total(SqlConnection connection, String key) {
    return new MeterStore()
        .find(connection, tenant, key)
        .compose(meter -> new UsageStore().total(connection, all(meter)))
        .map(total -> Long.parseLong(total.toString()));
  }

  private void judge(long low, long value, long high, long before) {
    if (value >= low && value <= high) {
      readsOfNew.incrementAndGet();
    } else if (value + before >= low && value + before <= high) {
      readsOfOld.incrementAndGet();
    } else {
      over.set(true);
      throw new AssertionError("neither all nor what came after %d: %d, all is %d to %d"
          .formatted(before, value, low, high));
    }
  }
}
