package dev.weir.metering;

import static dev.weir.metering.database.TestDatabase.await;

import dev.weir.metering.archive.JournalUpkeep;
import dev.weir.metering.backfill.BackfillOptions;
import dev.weir.metering.database.Database;
import dev.weir.metering.database.TestDatabase;
import dev.weir.metering.event.EventLimits;
import dev.weir.metering.explorer.ExplorerOptions;
import dev.weir.metering.ingest.IngestAnswer;
import dev.weir.metering.ingest.IngestOptions;
import dev.weir.metering.meter.Aggregation;
import dev.weir.metering.meter.Meter;
import dev.weir.metering.meter.MeterDefinition;
import dev.weir.metering.meter.MeterOptions;
import dev.weir.metering.rollup.MinuteRetention;
import dev.weir.metering.usage.UsageQuery;
import dev.weir.metering.usage.UsageRow;
import dev.weir.metering.usage.UsageStore;
import io.vertx.core.internal.ContextInternal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A metering engine on a test database, with one tenant, and the calls that tests make of it. */
public final class TestMetering implements AutoCloseable {

  public static final Instant NOW = Instant.parse("2026-03-05T12:00:00Z");

  private static final long WAIT_SECONDS_MAX = 120;

  private final TestDatabase test;
  private final Database database;
  private final UUID tenant;
  private final MeteringEngine engine;

  private TestMetering(TestDatabase test, Database database, UUID tenant, MeteringEngine engine) {
    this.test = test;
    this.database = database;
    this.tenant = tenant;
    this.engine = engine;
  }

  /** Starts an engine that reaches PostgreSQL through the given pools. */
  public static TestMetering start(
      TestDatabase test, Database database, UUID tenant, Path directory, int lanes)
      throws Exception {
    return start(test, database, tenant, directory, lanes, BackfillOptions.DEFAULT);
  }

  /** The same with other bounds of backfills. */
  public static TestMetering start(
      TestDatabase test,
      Database database,
      UUID tenant,
      Path directory,
      int lanes,
      BackfillOptions backfill)
      throws Exception {
    return start(test, database, tenant, directory, lanes, backfill, InstantSource.fixed(NOW));
  }

  /** The same with a clock. */
  public static TestMetering start(
      TestDatabase test,
      Database database,
      UUID tenant,
      Path directory,
      int lanes,
      BackfillOptions backfill,
      InstantSource clock)
      throws Exception {
    IngestOptions defaults = IngestOptions.DEFAULT;
    IngestOptions options = new IngestOptions(
        lanes,
        defaults.queuedRequestsMax(),
        defaults.queuedBytesMax(),
        defaults.groupCommit(),
        0,
        16_000_000,
        35);
    MeteringEngine engine = MeteringEngine.start(
        test.vertx(),
        database,
        new MeteringEngine.Setup(
            directory,
            options,
            EventLimits.DEFAULT,
            clock,
            new SecureRandom(),
            ExplorerOptions.DEFAULT,
            backfill,
            JournalUpkeep.Options.LOCAL,
            MinuteRetention.FOREVER));
    return new TestMetering(test, database, tenant, engine);
  }

  public static TestMetering start(TestDatabase test, UUID tenant, Path directory, int lanes)
      throws Exception {
    return start(test, test.database(), tenant, directory, lanes);
  }

  public MeteringEngine engine() {
    return engine;
  }

  public UUID tenant() {
    return tenant;
  }

  public ContextInternal context() {
    return (ContextInternal) test.vertx().getOrCreateContext();
  }

  public IngestAnswer send(String body) {
    return send(tenant, body);
  }

  /** Sends as another tenant. */
  public IngestAnswer send(UUID sender, String body) {
    return await(engine.take(
        context(), sender, body.getBytes(StandardCharsets.UTF_8), !body.startsWith("[")));
  }

  public static String event(String id, String time, String subject, String data) {
    return """
        {"specversion":"1.0","id":"%s","source":"test","type":"call","subject":"%s","time":"%s","data":%s}""".formatted(id, subject, time, data);
  }

  /** A meter that counts events of the type {@code call}; a percentile is the median. */
  public Meter define(
      String key,
      Aggregation aggregation,
      String value,
      Map<String, String> groups,
      Map<String, List<String>> filter) {
    MeterOptions options =
        aggregation == Aggregation.PERCENTILE ? MeterOptions.percentile("50") : MeterOptions.NONE;
    return new MeterDefinition(key, null, "call", aggregation, value, groups, filter, options)
        .toMeter(UUID.randomUUID(), tenant, NOW);
  }

  public Meter meter(
      String key, Aggregation aggregation, String value, Map<String, String> groups) {
    return await(engine.addMeter(define(key, aggregation, value, groups, Map.of())));
  }

  public List<UsageRow> query(UsageQuery query) {
    await(engine.awaitAllVisible(Duration.ofMinutes(2)));
    return await(
        database.inTenant(tenant, connection -> new UsageStore().query(connection, query)));
  }

  /** All usage of a meter. */
  public static UsageQuery all(Meter meter) {
    return new UsageQuery(
        meter, null, null, Set.of(), Map.of(), List.of(), false, null, ZoneOffset.UTC);
  }

  /** The one total of a meter; "none" without usage. */
  public String total(Meter meter) {
    return query(all(meter)).stream()
        .map(row -> row.value().toString())
        .findFirst()
        .orElse("none");
  }

  /** Waits until something holds. */
  public static void awaitUntil(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_SECONDS_MAX);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("not within " + WAIT_SECONDS_MAX + " s: " + what);
      }
      LockSupport.parkNanos(2_000_000);
    }
  }

  /** The same, where a thread cannot be interrupted. */
  public static void awaitLatch(CountDownLatch latch) {
    try {
      if (!latch.await(WAIT_SECONDS_MAX, TimeUnit.SECONDS)) {
        throw new AssertionError("not within " + WAIT_SECONDS_MAX + " s");
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() throws Exception {
    engine.stop();
  }
}
