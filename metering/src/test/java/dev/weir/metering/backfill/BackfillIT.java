package dev.weir.metering.backfill;

import static dev.weir.metering.TestMetering.NOW;
import static dev.weir.metering.TestMetering.awaitUntil;
import static dev.weir.metering.TestMetering.event;
import static dev.weir.metering.backfill.BackfillFixture.awaitRemoved;
import static dev.weir.metering.backfill.BackfillFixture.awaitState;
import static dev.weir.metering.backfill.BackfillFixture.begin;
import static dev.weir.metering.backfill.BackfillFixture.current;
import static dev.weir.metering.backfill.BackfillFixture.events;
import static dev.weir.metering.backfill.BackfillFixture.kept;
import static dev.weir.metering.backfill.BackfillFixture.look;
import static dev.weir.metering.backfill.BackfillFixture.rollUp;
import static dev.weir.metering.backfill.BackfillFixture.windows;
import static dev.weir.metering.database.TestDatabase.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.metering.MeteringError;
import dev.weir.metering.Refusal;
import dev.weir.metering.TestMetering;
import dev.weir.metering.database.TestDatabase;
import dev.weir.metering.event.Verdict;
import dev.weir.metering.meter.Aggregation;
import dev.weir.metering.meter.JsonPath;
import dev.weir.metering.meter.Meter;
import dev.weir.metering.meter.MeterChange;
import dev.weir.metering.meter.MeterOptions;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A meter's past counted from the journal, on a real journal and a real PostgreSQL. */
class BackfillIT {

  private static final BackfillOptions SMALL = new BackfillOptions(1, 10, 20, 50);
  private static final BackfillOptions NO_WORKER = new BackfillOptions(0, 2, 20, 50);

  @TempDir
  Path directory;

  private final TestDatabase test = TestDatabase.create();
  private final UUID tenant = test.newTenant();

  @AfterEach
  void close() {
    test.close();
  }

  private TestMetering start(int lanes, BackfillOptions options) throws Exception {
    return TestMetering.start(
        test, test.database(), tenant, directory.resolve("journal"), lanes, options);
  }

  private static Meter defined(TestMetering metering, String prefix, Aggregation aggregation) {
    return metering.meter(
        prefix + aggregation.name().toLowerCase(Locale.ROOT),
        aggregation,
        aggregation.takesValue() ? "$.n" : null,
        Map.of("model", "$.m"));
  }

  @Test
  void aMeterThatComesLaterCountsAsIfItHadAlwaysBeenThere() throws Exception {
    try (TestMetering metering = start(2, SMALL)) {
      Map<Aggregation, Meter> always = new EnumMap<>(Aggregation.class);
      for (Aggregation aggregation : Aggregation.values()) {
        always.put(aggregation, defined(metering, "always-", aggregation));
      }
      for (int i = 0; i < 10; i++) {
        metering.send(events("before-", i * 40, i * 40 + 40));
      }
      metering.total(always.get(Aggregation.SUM));
      // The first day is in the days, the second in the hours, the third in the minutes only.
      assertEquals(Instant.parse("2026-03-02T23:00:00Z"), rollUp(metering));
      for (Aggregation aggregation : Aggregation.values()) {
        Meter late = defined(metering, "late-", aggregation);
        metering.send(events("between-" + aggregation, 400, 430));
        // What is not visible yet when it begins is left to the switch, in one piece.
        metering.total(always.get(aggregation));
        Backfill backfill = begin(metering, late, null);
        metering.send(events("during-" + aggregation, 430, 460));
        Backfill done = awaitState(test, late, backfill.id(), BackfillState.COMPLETED);
        metering.send(events("after-" + aggregation, 460, 490));
        Meter filled = current(test, late);
        assertEquals(backfill.id(), filled.usageId());
        List<String> expected = windows(metering, always.get(aggregation));
        assertTrue(expected.size() > 50, "windows: " + expected.size());
        assertEquals(expected, windows(metering, filled), aggregation.name());
        assertEquals(kept(test, always.get(aggregation)), kept(test, filled), aggregation.name());
        assertEquals("100.00", done.progress().percent().toString());
        assertEquals(done.progress().total(), done.progress().scanned());
        assertEquals(done.progress().total(), done.progress().counted());
        assertEquals(0, done.progress().skipped());
        assertTrue(done.progress().chunks() > 3, done.toString());
        assertNotNull(done.times().endedAt());
        awaitRemoved(test, late.id());
      }
      assertNull(metering.engine().aggregator().failure());
    }
  }

  @Test
  void eventsOfOtherTenantsAndTypesAndConflictsDoNotCount() throws Exception {
    UUID stranger = test.newTenant();
    try (TestMetering metering = start(1, SMALL)) {
      metering.send("["
          + event("1", "2026-03-01T00:00:01Z", "a", "{\"n\":1}")
          + ","
          + event("2", "2026-03-01T00:00:01Z", "a", "{\"n\":20}").replace("\"call\"", "\"other\"")
          + ","
          + event("3", "2026-03-01T00:00:02Z", "a", "{\"n\":4}")
          + "]");
      assertEquals(
          Verdict.CONFLICT,
          metering
              .send(event("1", "2026-03-01T00:00:01Z", "a", "{\"n\":1000}"))
              .batch()
              .verdict(0));
      metering.send(stranger, events("theirs-", 0, 50));
      Meter meter = metering.meter("sum", Aggregation.SUM, "$.n", Map.of());
      Backfill backfill = begin(metering, meter, null);
      Backfill done = awaitState(test, meter, backfill.id(), BackfillState.COMPLETED);
      assertEquals("5", metering.total(current(test, meter)));
      assertEquals(54, done.progress().scanned());
      assertEquals(2, done.progress().counted());
    }
  }

  @Test
  void whatANewDefinitionCannotUseIsSkippedAndReported() throws Exception {
    try (TestMetering metering = start(1, SMALL)) {
      metering.send("["
          + event("1", "2026-03-01T00:00:01Z", "a", "{\"n\":1}")
          + ","
          + event("2", "2026-03-01T00:00:01Z", "a", "{}")
          + ","
          + event("3", "2026-03-01T00:00:01Z", "a", "{\"n\":\"many\"}")
          + ","
          + event("4", "2026-03-01T00:00:01Z", "a", "{\"n\":{}}")
          + "]");
      Meter meter = metering.meter("sum", Aggregation.SUM, "$.n", Map.of());
      Backfill backfill = begin(metering, meter, null);
      Backfill done = awaitState(test, meter, backfill.id(), BackfillState.COMPLETED);
      assertEquals(1, done.progress().counted());
      assertEquals(3, done.progress().skipped());
      assertEquals("1", metering.total(current(test, meter)));
    }
  }

  @Test
  void aChangedDefinitionTakesEffectWhenItIsCountedAndNotBefore() throws Exception {
    MeterChange change = new MeterChange(
        JsonPath.parse("$.other", "valueProperty"),
        new TreeMap<>(),
        Map.of("$.m", Set.of("m1", "m3")),
        MeterOptions.NONE);
    Meter meter;
    UUID id;
    try (TestMetering metering = start(1, NO_WORKER)) {
      meter = metering.meter("sum", Aggregation.SUM, "$.n", Map.of("model", "$.m"));
      metering.send(events("e", 0, 100));
      id = begin(metering, meter, change).id();
      // The new value is demanded of nobody before it is in force.
      assertEquals(
          Verdict.ACCEPTED,
          metering
              .send(event("plain", "2026-03-01T00:00:01Z", "a", "{\"n\":50,\"m\":\"m1\"}"))
              .batch()
              .verdict(0));
      metering.send(events("e", 100, 110));
      assertEquals(meter, current(test, meter));
      assertEquals("6045", metering.total(meter));
      assertEquals(BackfillState.QUEUED, look(test, meter, id).state());
    }
    try (TestMetering metering = start(1, SMALL)) {
      awaitState(test, meter, id, BackfillState.COMPLETED);
      // What comes after the switch in the aggregator's order.
      metering.meter("later", Aggregation.COUNT, null, Map.of());
      Meter changed = current(test, meter);
      assertEquals(change, MeterChange.of(changed));
      assertEquals("6050", metering.total(changed));
      assertEquals(
          Verdict.REJECTED,
          metering
              .send(event("plain-2", "2026-03-01T00:00:01Z", "a", "{\"n\":50,\"m\":\"m1\"}"))
              .batch()
              .verdict(0));
      metering.send(events("e", 111, 112));
      assertEquals("6272", metering.total(changed));
      awaitRemoved(test, meter.id());
    }
  }

  @Test
  void aCancelledBackfillLeavesNothingBehindAndTheMeterAsItWas() throws Exception {
    Meter meter;
    UUID id;
    try (TestMetering metering = start(2, NO_WORKER)) {
      meter = metering.meter("unique", Aggregation.UNIQUE_COUNT, "$.n", Map.of());
      for (int i = 0; i < 400; i++) {
        metering.send(events("e", i * 5, i * 5 + 5));
      }
      id = begin(metering, meter, null).id();
    }
    // So many small transactions that it is stopped among them.
    try (TestMetering metering = start(2, new BackfillOptions(1, 10, 1, 1))) {
      awaitUntil("something is counted", () -> look(test, meter, id).progress().counted() > 0);
    }
    assertEquals(BackfillState.RUNNING, look(test, meter, id).state());
    try (TestMetering metering = start(2, NO_WORKER)) {
      Backfills backfills = metering.engine().backfills();
      metering.send(events("e", 2_000, 2_020));
      assertEquals(
          BackfillState.CANCELLED, await(backfills.cancel(meter, id.toString())).state());
      metering.send(events("e", 2_020, 2_030));
      assertEquals("2030", metering.total(meter));
      awaitRemoved(test, id);
      assertEquals(meter, current(test, meter));
      assertEquals(
          BackfillState.CANCELLED, await(backfills.cancel(meter, id.toString())).state());
      assertRefused(MeteringError.METER_BACKFILL_ENDED, backfills.resume(meter, id.toString()));
      assertRefused(
          MeteringError.METER_BACKFILL_NOT_FOUND,
          backfills.cancel(meter, UUID.randomUUID().toString()));
    }
  }

  private static void assertRefused(MeteringError code, Future<?> work) {
    assertEquals(code, assertThrows(Refusal.class, () -> await(work)).code());
  }

  @Test
  void aPausedBackfillWaitsUntilItIsResumed() throws Exception {
    Meter meter;
    UUID id;
    try (TestMetering metering = start(1, NO_WORKER)) {
      meter = metering.meter("sum", Aggregation.SUM, "$.n", Map.of());
      metering.send(events("e", 0, 100));
      id = begin(metering, meter, null).id();
      await(metering.engine().backfills().pause(meter, id.toString()));
    }
    try (TestMetering metering = start(1, SMALL)) {
      // A later one goes past it.
      Meter other = metering.meter("other", Aggregation.SUM, "$.n", Map.of());
      UUID later = begin(metering, other, null).id();
      awaitState(test, other, later, BackfillState.COMPLETED);
      assertEquals(BackfillState.PAUSED, look(test, meter, id).state());
      metering.send(events("e", 100, 110));
      await(metering.engine().backfills().resume(meter, id.toString()));
      awaitState(test, meter, id, BackfillState.COMPLETED);
      assertEquals("5995", metering.total(current(test, meter)));
    }
  }

  @Test
  void oneBackfillOfAMeterAtATimeAndFewOfATenant() throws Exception {
    try (TestMetering metering = start(1, NO_WORKER)) {
      Meter first = metering.meter("first", Aggregation.COUNT, null, Map.of());
      Meter second = metering.meter("second", Aggregation.COUNT, null, Map.of());
      Meter third = metering.meter("third", Aggregation.COUNT, null, Map.of());
      Backfills backfills = metering.engine().backfills();
      UUID one = begin(metering, first, null).id();
      assertRefused(
          MeteringError.METER_BACKFILL_UNDER_WAY,
          backfills.begin(new Backfills.Request(UUID.randomUUID(), first, null, null)));
      begin(metering, second, null);
      assertRefused(
          MeteringError.METER_BACKFILL_TOO_MANY,
          backfills.begin(new Backfills.Request(UUID.randomUUID(), third, null, null)));
      await(backfills.cancel(first, one.toString()));
      begin(metering, third, null);
      assertRefused(
          MeteringError.METER_BACKFILL_FROM_INVALID,
          backfills.begin(
              new Backfills.Request(UUID.randomUUID(), first, null, NOW.plusSeconds(1))));
    }
  }

  @Test
  void deletingAMeterEndsItsBackfill() throws Exception {
    try (TestMetering metering = start(1, NO_WORKER)) {
      metering.send(events("e", 0, 50));
      Meter meter = metering.meter("sum", Aggregation.SUM, "$.n", Map.of());
      UUID id = begin(metering, meter, null).id();
      metering.send(events("e", 50, 100));
      await(metering.engine().deleteMeter(meter, NOW, connection -> Future.succeededFuture()));
      metering.send(events("e", 100, 150));
      assertEquals(BackfillState.CANCELLED, look(test, meter, id).state());
      await(metering.engine().awaitAllVisible(Duration.ofMinutes(2)));
      awaitRemoved(test, id);
    }
  }

  @Test
  void whatIsUnfinishedGoesOnAfterARestartAtEveryChunk() throws Exception {
    UUID id = null;
    Meter meter;
    // One frame each: so many that several sessions are needed.
    BackfillOptions tiny = new BackfillOptions(1, 10, 1, 1);
    try (TestMetering metering = start(2, tiny)) {
      meter = metering.meter("sum", Aggregation.SUM, "$.n", Map.of("model", "$.m"));
      for (int i = 0; i < 200; i++) {
        metering.send(events("e", i * 3, i * 3 + 3));
      }
      id = begin(metering, meter, null).id();
    }
    int restarts = 0;
    for (; !look(test, meter, id).state().isEnd(); restarts++) {
      Backfill before = look(test, meter, id);
      try (TestMetering metering = start(2, tiny)) {
        UUID known = id;
        awaitUntil(
            "progress",
            () ->
                look(test, meter, known).progress().chunks() > before.progress().chunks()
                    || look(test, meter, known).state().isEnd());
        metering.send(events("later-" + restarts + "-", 0, 10));
      }
    }
    try (TestMetering metering = start(2, SMALL)) {
      long sum = 600L * 599 / 2 + restarts * 45L;
      assertEquals(Long.toString(sum), metering.total(current(test, meter)));
      assertEquals(id, current(test, meter).usageId());
      awaitRemoved(test, meter.id());
      assertNull(metering.engine().aggregator().failure());
    }
    assertTrue(restarts >= 2, "restarts: " + restarts);
  }
}
