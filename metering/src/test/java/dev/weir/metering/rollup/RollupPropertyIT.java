package dev.weir.metering.rollup;

import static dev.weir.metering.TestMetering.awaitUntil;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.metering.MeteringError;
import dev.weir.metering.Refusal;
import dev.weir.metering.aggregate.Corrected;
import dev.weir.metering.aggregate.Corrected.Entry;
import dev.weir.metering.aggregate.Corrected.Sent;
import dev.weir.metering.aggregate.LaneFlush;
import dev.weir.metering.aggregate.UsageCases;
import dev.weir.metering.aggregate.UsageOracle;
import dev.weir.metering.database.TestDatabase;
import dev.weir.metering.event.EventTime;
import dev.weir.metering.meter.Meter;
import dev.weir.metering.usage.Grain;
import dev.weir.metering.usage.UsageQuery;
import dev.weir.metering.usage.WindowSize;
import io.vertx.core.Future;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Whatever is rolled up when, and whatever comes late or is taken back then: every query gives what the
 * events come to, and hours and days are those of the minutes.
 */
class RollupPropertyIT {

  private static final Instant START = Instant.parse("2026-01-20T00:00:00Z");
  private static final int MINUTES = 100 * 1_440;

  private static final String[] VALUES = {
    "0", "1", "-1", "0.1", "2.50", "-0.3", "1e3", "1000.0", "\"2.5\"", "7", "12345678901234.5"
  };

  private final TestDatabase test = TestDatabase.create();
  private final List<Meter> meters = UsageCases.meters();
  private final Corrected.Held held = new Corrected.Held();
  private volatile Instant now = START;
  private final InstantSource clock = () -> now;
  private final LaneFlush flush = new LaneFlush(test.database(), meters, held, clock);

  /** Events that no void took back, by where they lie. */
  private final Map<String, Sent> live = new LinkedHashMap<>();

  private long sequence;
  private int number;

  @AfterEach
  void close() {
    test.close();
  }

  private static MinuteRetention months(int months, Instant neededFrom) {
    return new MinuteRetention(months, connection -> Future.succeededFuture(neededFrom));
  }

  private Sent sent(Random random, Instant from, Instant to) {
    long nanos =
        EventTime.nanos(from) + random.nextLong(Duration.between(from, to).toNanos());
    long grain = switch (random.nextInt(3)) {
      case 0 -> 30 * EventTime.NANOS_PER_MINUTE;
      case 1 -> EventTime.NANOS_PER_MINUTE;
      default -> 1;
    };
    return new Sent(
        "e" + number++,
        "s" + random.nextInt(2),
        random.nextInt(3) == 0 ? "" : "m" + random.nextInt(2),
        nanos - nanos % grain,
        VALUES[random.nextInt(VALUES.length)]);
  }

  private void send(Sent sent) {
    sequence++;
    live.put("0:" + sequence, sent);
    append(new Entry(sent, ""));
  }

  private void takeBack(Random random) {
    if (!live.isEmpty()) {
      List<String> places = new ArrayList<>(live.keySet());
      String place = places.get(random.nextInt(places.size()));
      sequence++;
      append(new Entry(live.remove(place), place));
    }
  }

  private void append(Entry entry) {
    byte[] frame = Corrected.frame(0, sequence, List.of(entry));
    held.add(frame);
    flush.fold(frame);
  }

  private void write() {
    flush.write();
  }

  /** Some rollup steps, or all there are. */
  private void roll(Random random, RollupSteps steps) {
    steps.prepare();
    int count = random.nextInt(3) == 0 ? Integer.MAX_VALUE : random.nextInt(40);
    for (int i = 0; i < count; i++) {
      boolean more = random.nextInt(4) == 0
          ? steps.rollDay()
          : steps.rollHours(1 + random.nextInt(24)) || steps.rollDay() || steps.dropMinutes();
      if (!more && count == Integer.MAX_VALUE && !steps.rollDay()) {
        break;
      }
    }
  }

  private Instant minutesFrom(RollupSteps steps) {
    return Instant.ofEpochSecond(steps.watermarks().minutesFrom() * 60);
  }

  /** Asks at random; gives how many questions were answered and how many refused. */
  private int[] ask(Random random, int questions, Instant minutesFrom, String what) {
    return ask(random, START, questions, minutesFrom, what);
  }

  private int[] ask(Random random, Instant start, int questions, Instant minutesFrom, String what) {
    int[] outcomes = new int[2];
    List<Sent> events = List.copyOf(live.values());
    for (Meter meter : meters) {
      for (int i = 0; i < questions; i++) {
        UsageQuery query = UsageOracle.query(meter, random, start, MINUTES);
        List<String> rows;
        try {
          rows = UsageCases.rows(test, query);
        } catch (Refusal refusal) {
          assertEquals(MeteringError.USAGE_MINUTES_GONE, refusal.code(), what);
          assertTrue(query.from() == null || query.from().isBefore(minutesFrom), what);
          outcomes[1]++;
          continue;
        }
        assertEquals(UsageOracle.rows(query, events, minutesFrom), rows, () -> what + ", " + query);
        outcomes[0]++;
      }
    }
    return outcomes;
  }

  private long number(String sql) {
    try (Connection connection = test.superuser();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getLong(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The hours are those of the minutes that are kept, and the days those of the hours. */
  private void assertGrainsAgree(RollupSteps steps, String what) {
    Watermarks marks = steps.watermarks();
    String hours =
        "window_start >= to_timestamp(%d::bigint * 60) AND window_start < to_timestamp(%d::bigint * 60)"
            .formatted(marks.minutesFrom(), marks.hoursTo());
    String days = "window_start < to_timestamp(%d::bigint * 60)".formatted(marks.daysTo());
    assertEquals(0, differences(Grain.HOUR, Grain.MINUTE, hours), what);
    assertEquals(0, differences(Grain.DAY, Grain.HOUR, days), what);
    assertEquals(
        0,
        number(
            "SELECT count(*) FROM usage_windows WHERE window_start < to_timestamp(%d::bigint * 60)"
                .formatted(marks.minutesFrom())),
        what);
  }

  private long differences(Grain grain, Grain finer, String condition) {
    String bin = "date_bin('%d minutes', window_start, '1970-01-01Z')".formatted(grain.minutes());
    String moment =
        "value_moment + value_sum * extract(epoch FROM window_start - %s)::bigint * 1000000000"
            .formatted(bin);
    String windows = """
        (SELECT series_id, window_start, tenant_id, events, trim_scale(value_sum)::text,
                trim_scale(value_moment)::text, value_min, value_max, latest_value, latest_nanos,
                latest_identity
           FROM %1$s WHERE %3$s)
        %5$s
        (SELECT series_id, %4$s, tenant_id, sum(events), trim_scale(sum(value_sum))::text,
                trim_scale(sum(%6$s))::text, min(value_min), max(value_max),
                (array_agg(latest_value ORDER BY latest_nanos DESC NULLS LAST, latest_identity DESC))[1],
                max(latest_nanos),
                (array_agg(latest_identity ORDER BY latest_nanos DESC NULLS LAST, latest_identity DESC))[1]
           FROM %2$s WHERE %3$s GROUP BY 1, 2, 3)""";
    String items = """
        (SELECT series_id, window_start, tenant_id, %6$s, occurrences FROM %1$s WHERE %3$s)
        %5$s
        (SELECT series_id, %4$s, tenant_id, %6$s, sum(occurrences) FROM %2$s WHERE %3$s
          GROUP BY 1, 2, 3, 4)""";
    long differences = 0;
    for (String except : List.of("EXCEPT", "EXCEPT ALL")) {
      differences += number("SELECT count(*) FROM ("
          + windows.formatted(
              grain.windowTable(), finer.windowTable(), condition, bin, except, moment)
          + ") d");
      differences += number("SELECT count(*) FROM ("
          + items.formatted(
              grain.uniqueTable(), finer.uniqueTable(), condition, bin, except, "value_hash")
          + ") d");
      differences += number("SELECT count(*) FROM ("
          + items.formatted(grain.valueTable(), finer.valueTable(), condition, bin, except, "value")
          + ") d");
    }
    String rows =
        "SELECT (SELECT count(*) FROM %s WHERE %s) - (SELECT count(*) FROM (SELECT DISTINCT series_id, %s FROM %s WHERE %s) d)";
    return differences
        + Math.abs(number(
            rows.formatted(grain.windowTable(), condition, bin, finer.windowTable(), condition)));
  }

  @Test
  void everyQueryGivesTheSameBeforeAndAfterRollups() {
    long seed = 1;
    Random random = new Random(seed);
    RollupSteps steps = new RollupSteps(test.database(), clock, MinuteRetention.FOREVER);
    for (int round = 0; round < 8; round++) {
      String what = "seed " + seed + ", round " + round;
      Instant end = START.plus(Duration.ofMinutes((round + 1) * (long) MINUTES / 8));
      for (int i = 0; i < 40; i++) {
        // Mostly of now, and some of any time before.
        send(sent(random, random.nextInt(4) == 0 ? START : now, end));
        if (random.nextInt(4) == 0) {
          takeBack(random);
        }
        if (random.nextInt(10) == 0) {
          write();
        }
      }
      write();
      now = end.plus(Duration.ofMinutes(random.nextInt(600)));
      roll(random, steps);
      assertGrainsAgree(steps, what);
      ask(random, 2, Instant.MIN, what);
    }
    assertTrue(number("SELECT count(*) FROM usage_hours") > 100);
    assertTrue(number("SELECT count(*) FROM usage_days") > 100);
    assertTrue(held.visits() > 0);
    int[] outcomes = ask(random, 20, Instant.MIN, "seed " + seed + ", at the end");
    assertEquals(0, outcomes[1]);
  }

  /** A level counts from the start of a day, which begins before 1970 in zones east of Greenwich. */
  @Test
  void whatBeginsBefore1970IsRolledUpAsWell() {
    Random random = new Random(7);
    now = Instant.parse("1970-01-12T00:00:00Z");
    for (int i = 0; i < 60; i++) {
      send(sent(random, Instant.EPOCH, i % 3 == 0 ? now : Instant.EPOCH.plusSeconds(40_000)));
    }
    write();
    assertTrue(number("SELECT count(*) FROM usage_windows WHERE window_start < '1970-01-01Z'") > 5);
    RollupSteps steps = new RollupSteps(test.database(), clock, MinuteRetention.FOREVER);
    ask(random, Instant.EPOCH, 10, Instant.MIN, "before");
    while (steps.rollHours(24) || steps.rollDay()) {
      // until nothing is left to do
    }
    assertTrue(number("SELECT count(*) FROM usage_days WHERE window_start < '1970-01-01Z'") > 1);
    assertGrainsAgree(steps, "1970");
    ask(random, Instant.EPOCH, 30, Instant.MIN, "rolled up");
    while (!live.isEmpty()) {
      takeBack(random);
    }
    write();
    assertGrainsAgree(steps, "taken back");
    assertEquals(0, number("SELECT count(*) FROM usage_days"));
  }

  @Test
  void anOpenRangeOverMinutesThatAreGoneIsRefusedAlsoWhereNothingIsLeft() {
    send(sent(new Random(8), START, START.plusSeconds(3_600)));
    now = START.plus(Duration.ofDays(100));
    send(sent(new Random(9), now, now.plusSeconds(60)));
    write();
    RollupSteps steps = new RollupSteps(test.database(), clock, months(1, Instant.MAX));
    while (steps.rollHours(24) || steps.rollDay() || steps.dropMinutes()) {
      // until nothing is left to do
    }
    assertEquals(Instant.parse("2026-03-01T00:00:00Z"), minutesFrom(steps));
    Meter meter = meters.get(0);
    Instant half = Instant.parse("2026-01-22T10:30:00Z");
    Instant whole = Instant.parse("2026-01-22T10:00:00Z");
    assertEquals("from", refused(meter, half, null));
    assertEquals("to", refused(meter, null, START.plusSeconds(60)));
    // The subject has none, and that is known.
    UsageQuery none = open(meter, whole, null);
    assertEquals(List.of(), UsageCases.rows(test, none));
    assertEquals(List.of(), UsageCases.rows(test, open(meter, null, whole)));
  }

  private static UsageQuery open(Meter meter, @Nullable Instant from, @Nullable Instant to) {
    return new UsageQuery(
        meter, from, to, Set.of("nobody"), Map.of(), List.of(), false, null, ZoneOffset.UTC);
  }

  private @Nullable String refused(Meter meter, @Nullable Instant from, @Nullable Instant to) {
    Refusal refusal =
        assertThrows(Refusal.class, () -> UsageCases.rows(test, open(meter, from, to)));
    assertEquals(MeteringError.USAGE_MINUTES_GONE, refusal.code());
    return refusal.field();
  }

  @Test
  void flushesAndRollupsAtTheSameTimeLoseNothing() throws Exception {
    long seed = 3;
    Random random = new Random(seed);
    now = START;
    send(sent(random, START, START.plusSeconds(1)));
    write();
    AtomicReference<Throwable> fault = new AtomicReference<>();
    AtomicBoolean done = new AtomicBoolean();
    Thread rolling = new Thread(() -> {
      RollupSteps steps = new RollupSteps(test.database(), clock, MinuteRetention.FOREVER);
      try {
        while (!done.get()) {
          if (!steps.rollHours(3)) {
            steps.rollDay();
          }
        }
      } catch (Throwable e) {
        fault.set(e);
      }
    });
    rolling.start();
    for (int round = 0; round < 150; round++) {
      Instant end = START.plus(Duration.ofHours(round + 1));
      for (int i = 0; i < 5; i++) {
        send(sent(random, random.nextInt(3) == 0 ? START : end.minusSeconds(7_200), end));
        if (random.nextInt(4) == 0) {
          takeBack(random);
        }
      }
      write();
      now = end;
    }
    done.set(true);
    rolling.join();
    assertNull(fault.get());
    RollupSteps steps = new RollupSteps(test.database(), clock, MinuteRetention.FOREVER);
    assertTrue(steps.watermarks().daysTo() > EventTime.epochMinute(EventTime.nanos(START)));
    assertGrainsAgree(steps, "seed " + seed);
    ask(random, 5, Instant.MIN, "seed " + seed);
  }

  /** A step that is held up where it has read everything, and writes the last table. */
  private final class HeldUp implements AutoCloseable {
    private final Connection holder;
    private final Thread thread;
    private final AtomicReference<Throwable> fault = new AtomicReference<>();

    HeldUp(String table, Runnable step) throws SQLException {
      holder = test.superuser();
      holder.setAutoCommit(false);
      try (Statement statement = holder.createStatement()) {
        statement.execute("LOCK TABLE " + table + " IN ACCESS EXCLUSIVE MODE");
      }
      thread = new Thread(() -> {
        try {
          step.run();
        } catch (Throwable e) {
          fault.set(e);
        }
      });
      thread.start();
      awaitUntil(
          "the step waits",
          () ->
              number("SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = '%s'::regclass"
                      .formatted(table))
                  > 0);
    }

    @Override
    public void close() throws SQLException, InterruptedException {
      assertTrue(thread.isAlive());
      holder.rollback();
      holder.close();
      thread.join();
      assertNull(fault.get());
    }
  }

  private RollupSteps fortyHoursToRollUp(Random random) {
    now = START.plus(Duration.ofHours(40));
    for (int i = 0; i < 200; i++) {
      send(sent(random, START, now));
    }
    write();
    return new RollupSteps(test.database(), clock, MinuteRetention.FOREVER);
  }

  @Test
  void aFlushDoesNotWaitForARollupAndIsInIt() throws Exception {
    Random random = new Random(11);
    Instant before = START.plus(Duration.ofHours(12));
    RollupSteps steps = fortyHoursToRollUp(random);
    try (HeldUp hours = new HeldUp("usage_hour_values", () -> steps.rollHours(24))) {
      changeAndWrite(random, START, before);
    }
    assertGrainsAgree(steps, "hours");
    while (steps.rollHours(24)) {
      // until nothing is left to do
    }
    // The day before, in which days in zones east of Greenwich begin.
    assertTrue(steps.rollDay());
    try (HeldUp days = new HeldUp("usage_day_values", steps::rollDay)) {
      changeAndWrite(random, START, before);
    }
    Watermarks marks = steps.watermarks();
    assertEquals(EventTime.epochMinute(EventTime.nanos(START)) + 1_440, marks.daysTo());
    assertGrainsAgree(steps, "days");
    ask(random, 20, Instant.MIN, "late");
    assertEquals(0, number("SELECT count(*) FROM usage_late"));
  }

  /** The step before had closed more than the next one puts together, and ended there with its process. */
  @Test
  void whatIsLateForClosedHoursThatAStepLeavesOutIsInTheStepThatPutsThemTogether()
      throws Exception {
    Random random = new Random(13);
    Instant before = START.plus(Duration.ofHours(12));
    RollupSteps steps = fortyHoursToRollUp(random);
    long closed = EventTime.epochMinute(EventTime.nanos(before));
    TestDatabase.await(test.database()
        .asEngine(connection -> new RollupStore().close(connection, Grain.HOUR, closed)));
    try (HeldUp hours = new HeldUp("usage_hour_values", () -> steps.rollHours(2))) {
      changeAndWrite(random, START, before);
    }
    long rolled = steps.watermarks().hoursTo();
    assertTrue(rolled < closed);
    assertEquals(
        0,
        number(
            "SELECT count(*) FROM usage_hours WHERE window_start >= to_timestamp(%d::bigint * 60)"
                .formatted(rolled)));
    while (steps.rollHours(24)) {
      // until nothing is left to do
    }
    assertTrue(steps.watermarks().hoursTo() > closed);
    assertGrainsAgree(steps, "hours");
    assertEquals(0, number("SELECT count(*) FROM usage_late"));
  }

  /** Flushes overlap where backfills write as well: there is always one that holds the watermarks. */
  @Test
  void aRollupGetsItsTurnAmongFlushesThatOverlap() throws Exception {
    RollupStore store = new RollupStore();
    AtomicBoolean ends = new AtomicBoolean();
    AtomicLong flushed = new AtomicLong();
    List<Future<Void>> flushing = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      flushing.add(overAndOver(
          ends,
          () -> test.database()
              .asEngine(connection -> store
                  .closing(connection)
                  .compose(closing -> store.hold(connection))
                  .compose(marks -> connection.query("SELECT pg_sleep(0.05)").execute())
                  .map(rows -> flushed.incrementAndGet()))));
    }
    awaitUntil("flushes overlap", () -> flushed.get() > 10);
    long before = flushed.get();
    TestDatabase.await(test.database()
        .asEngine(connection -> store.close(connection, Grain.HOUR, Watermarks.START + 60)));
    TestDatabase.await(test.database().asEngine(store::lock));
    assertTrue(flushed.get() - before < 20, "flushes meanwhile: " + (flushed.get() - before));
    ends.set(true);
    TestDatabase.await(Future.join(flushing).mapEmpty());
  }

  private static Future<Void> overAndOver(AtomicBoolean ends, Supplier<Future<?>> work) {
    return ends.get()
        ? Future.succeededFuture()
        : work.get().compose(done -> overAndOver(ends, work));
  }

  private void changeAndWrite(Random random, Instant from, Instant to) {
    for (int i = 0; i < 60; i++) {
      send(sent(random, from, to));
      takeBack(random);
      takeBack(random);
    }
    write();
    assertTrue(number("SELECT count(*) FROM usage_late") > 0);
  }

  @Test
  void minutesOfWhatIsStillToBeBilledAreKept() {
    now = Instant.parse("2026-05-02T00:00:00Z");
    Random random = new Random(4);
    for (int i = 0; i < 50; i++) {
      send(sent(random, START, now));
    }
    write();
    AtomicReference<Instant> neededFrom =
        new AtomicReference<>(Instant.parse("2026-02-10T18:30:00Z"));
    RollupSteps steps = new RollupSteps(
        test.database(),
        clock,
        new MinuteRetention(1, connection -> Future.succeededFuture(neededFrom.get())));
    while (steps.rollHours(24) || steps.rollDay()) {
      // until nothing is left to do
    }
    assertTrue(steps.dropMinutes());
    assertEquals(Instant.parse("2026-02-01T00:00:00Z"), minutesFrom(steps));
    assertFalse(steps.dropMinutes());
    neededFrom.set(Instant.MAX);
    assertFalse(steps.dropMinutes());
    // Asked again after an hour.
    now = now.plusSeconds(3_600);
    assertTrue(steps.dropMinutes());
    assertEquals(Instant.parse("2026-04-01T00:00:00Z"), minutesFrom(steps));
    neededFrom.set(Instant.EPOCH);
    now = Instant.parse("2026-09-02T00:00:00Z");
    assertFalse(steps.dropMinutes());
    assertGrainsAgree(steps, "kept");
  }

  @Test
  void whatIsStillToBeBilledIsAskedOnceMoreWhenMinutesAreHeld() {
    send(sent(new Random(12), START, START.plusSeconds(3_600)));
    now = START.plus(Duration.ofDays(90));
    send(sent(new Random(13), now, now.plusSeconds(60)));
    write();
    // Said while the first answer was on its way.
    List<Instant> answers = new ArrayList<>(List.of(Instant.MAX, START, Instant.MAX, Instant.MAX));
    RollupSteps steps = new RollupSteps(
        test.database(),
        clock,
        new MinuteRetention(
            1,
            connection -> connection
                .query("SELECT count(*) FROM usage_rollup")
                .execute()
                .map(rows -> answers.remove(0))));
    while (steps.rollHours(24) || steps.rollDay()) {
      // until nothing is left to do
    }
    assertTrue(steps.dropMinutes());
    assertEquals(2, answers.size());
    assertEquals(Instant.parse("2026-01-01T00:00:00Z"), minutesFrom(steps));
    assertTrue(steps.dropMinutes());
    assertEquals(Instant.parse("2026-03-01T00:00:00Z"), minutesFrom(steps));
  }

  @Test
  void aStepThatWasGivenUpForLostNeverTakesTheWatermarkBack() {
    send(sent(new Random(5), START, START.plusSeconds(3_600)));
    now = START.plus(Duration.ofDays(3));
    send(sent(new Random(6), now, now.plusSeconds(3_600)));
    write();
    RollupSteps steps = new RollupSteps(test.database(), clock, MinuteRetention.FOREVER);
    while (steps.rollHours(24)) {
      // until nothing is left to do
    }
    Watermarks marks = steps.watermarks();
    // As if the list of open hours had been read before the other step was committed.
    execute("INSERT INTO usage_open (minutes, start)"
        + " VALUES (60, '2026-01-20T00:00:00Z'), (60, '2026-01-20T01:00:00Z')");
    assertTrue(steps.rollHours(1));
    assertEquals(marks, steps.watermarks());
    assertTrue(steps.rollHours(1));
    assertFalse(steps.rollHours(1));
    assertEquals(marks, steps.watermarks());
    assertGrainsAgree(steps, "twice");
  }

  private void execute(String sql) {
    try (Connection connection = test.superuser();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void whatMinutesAreGoneForIsAnsweredByHoursAndDaysOrRefused() {
    long seed = 2;
    Random random = new Random(seed);
    RollupSteps steps = new RollupSteps(test.database(), clock, months(1, Instant.MAX));
    int[] outcomes = new int[2];
    for (int round = 0; round < 8; round++) {
      String what = "seed " + seed + ", round " + round;
      Instant end = START.plus(Duration.ofMinutes((round + 1) * (long) MINUTES / 8));
      for (int i = 0; i < 40; i++) {
        send(sent(random, random.nextInt(3) == 0 ? START : now, end));
        if (random.nextInt(3) == 0) {
          takeBack(random);
        }
      }
      write();
      now = end;
      roll(random, steps);
      while (steps.rollHours(24) || steps.rollDay() || steps.dropMinutes()) {
        // until nothing is left to do
      }
      steps.dropMinutes();
      assertGrainsAgree(steps, what);
      int[] asked = ask(random, 6, minutesFrom(steps), what);
      outcomes[0] += asked[0];
      outcomes[1] += asked[1];
    }
    assertEquals(Instant.parse("2026-03-01T00:00:00Z"), minutesFrom(steps));
    assertTrue(outcomes[0] > 100, "answered " + outcomes[0]);
    assertTrue(outcomes[1] > 50, "refused " + outcomes[1]);
    UsageQuery byMinute = new UsageQuery(
        meters.get(0),
        START,
        START.plusSeconds(86_400),
        Set.of(),
        Map.of(),
        List.of(),
        false,
        WindowSize.MINUTE,
        ZoneOffset.UTC);
    Refusal refusal = assertThrows(Refusal.class, () -> UsageCases.rows(test, byMinute));
    assertEquals(MeteringError.USAGE_MINUTES_GONE, refusal.code());
    assertEquals("windowSize", refusal.field());
    assertTrue(refusal.text().contains("2026-03-01T00:00:00Z"), refusal.text());
  }
}
