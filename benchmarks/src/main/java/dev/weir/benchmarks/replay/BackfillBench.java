package dev.weir.benchmarks.replay;

import dev.weir.gateway.postgres.EmbeddedServer;
import dev.weir.gateway.postgres.Migrations;
import dev.weir.metering.Ids;
import dev.weir.metering.MeteringEngine;
import dev.weir.metering.TimeOrderedIds;
import dev.weir.metering.backfill.Backfill;
import dev.weir.metering.backfill.BackfillProgress;
import dev.weir.metering.backfill.Backfills;
import dev.weir.metering.database.Database;
import dev.weir.metering.event.EventLimits;
import dev.weir.metering.ingest.IngestOptions;
import dev.weir.metering.meter.Meter;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Whole backfills: an engine over the journal and an embedded PostgreSQL of its own. */
final class BackfillBench implements AutoCloseable {

  private static final Duration VISIBLE_TIMEOUT = Duration.ofMinutes(30);
  private static final long LOOK_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
  private static final int CONNECTIONS = 4;

  private final Vertx vertx = Vertx.vertx();
  private final SecureRandom random = new SecureRandom();
  private final EmbeddedServer server;
  private final Database database;
  private final MeteringEngine engine;
  private final Ids ids;

  BackfillBench(ReplayLoad load, ReplayJournal journal) throws Exception {
    InstantSource clock = InstantSource.fixed(journal.end());
    ids = new TimeOrderedIds(clock, random);
    Path programs = Path.of(System.getProperty("user.home", "."), ".cache", "weir");
    Path files = Files.createDirectories(load.directory().resolve("database"));
    server = EmbeddedServer.start(files, programs, random);
    Migrations.run(server.login());
    database = Database.open(vertx, server.login().connectOptions(), CONNECTIONS, CONNECTIONS);
    IngestOptions defaults = IngestOptions.DEFAULT;
    engine = MeteringEngine.start(
        vertx,
        database,
        new MeteringEngine.Setup(
            journal.directory(),
            new IngestOptions(
                1,
                defaults.queuedRequestsMax(),
                defaults.queuedBytesMax(),
                defaults.groupCommit(),
                0,
                load.events() * 2,
                1),
            EventLimits.DEFAULT,
            clock,
            random));
    await(engine.awaitAllVisible(VISIBLE_TIMEOUT));
  }

  /** Adds the meter with a backfill and waits for its end; tells how it went. */
  ReplayBenchmark.Speed run(Meter meter) {
    long begun = System.nanoTime();
    Backfills backfills = engine.backfills();
    Backfill asked =
        await(backfills.addMeter(new Backfills.Request(ids.next(), meter, null, null)));
    Backfill now = asked;
    while (!now.state().isEnd()) {
      LockSupport.parkNanos(LOOK_AGAIN_NANOS);
      now = await(database.inTenant(
          meter.tenantId(),
          connection -> backfills.store().find(connection, meter, asked.id().toString())));
    }
    long millis = (System.nanoTime() - begun) / 1_000_000;
    BackfillProgress progress = now.progress();
    return new ReplayBenchmark.Speed(
        "backfill " + meter.key(),
        progress.scanned(),
        millis,
        String.format(
            Locale.ROOT,
            "%s, counted %,d, %d transactions",
            now.state().text(),
            progress.counted(),
            progress.chunks()));
  }

  private static <T> T await(Future<T> future) {
    try {
      return future
          .toCompletionStage()
          .toCompletableFuture()
          .get(VISIBLE_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() throws Exception {
    engine.stop();
    await(database.close());
    server.close();
    await(vertx.close());
  }
}
