package dev.weir.metering.backfill;

import dev.weir.metering.aggregate.MeterReplay;
import dev.weir.metering.aggregate.MinutesGone;
import dev.weir.metering.database.Database;
import dev.weir.metering.database.Outage;
import dev.weir.metering.rollup.WindowMonths;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes portions of a backfill one after the other, each with the progress in one transaction, while
 * the next is being folded. Finds out what became of a transaction whose answer was lost. Confined to the
 * worker's thread.
 */
final class ChunkWriter {

  private static final Logger LOG = LoggerFactory.getLogger(ChunkWriter.class);
  static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
  static final int REFUSALS_MAX = 5;

  private final Database database;
  private final BackfillStore store;
  private final InstantSource clock;
  private final BooleanSupplier stopping;
  private final WindowMonths months;

  private Backfill stored;
  private @Nullable Chunk pending;

  /** A portion on its way; null stands for progress without usage. */
  private record Chunk(
      MeterReplay.@Nullable Portion portion, BackfillProgress to, Future<Void> written) {}

  /** The backfill was paused, cancelled, ended, or moved by another worker. */
  static final class FenceLost extends RuntimeException {
    FenceLost() {
      super("another has moved the backfill", null, false, false);
    }
  }

  /** The process is being stopped while the database is away. */
  static final class Stopped extends RuntimeException {
    Stopped() {
      super("told to stop", null, false, false);
    }
  }

  ChunkWriter(
      Database database,
      BackfillStore store,
      InstantSource clock,
      BooleanSupplier stopping,
      Backfill backfill) {
    this.database = database;
    this.store = store;
    this.clock = clock;
    this.stopping = stopping;
    this.months = new WindowMonths(database, clock);
    this.stored = backfill;
  }

  /** How far the backfill will be when what is on its way has been written. */
  BackfillProgress reached() {
    Chunk chunk = pending;
    return chunk == null ? stored.progress() : chunk.to();
  }

  /** Waits for the portion before, and sends this one on its way. */
  void write(MeterReplay.@Nullable Portion portion, BackfillProgress to) {
    settle();
    pending = new Chunk(portion, to, send(portion, to));
  }

  /**
   * The usage first: the backfill's row is locked only as long as the commit takes, and whoever pauses or
   * cancels does not wait for a whole portion.
   */
  private Future<Void> send(MeterReplay.@Nullable Portion portion, BackfillProgress to) {
    Backfill from = stored;
    return database.asEngine(
        connection -> (portion == null ? Future.<Void>succeededFuture() : portion.write(connection))
            .compose(written -> store.move(connection, from, to, clock.instant()))
            .compose(
                moved -> moved ? Future.succeededFuture() : Future.failedFuture(new FenceLost())));
  }

  /** Waits until everything is written; gives the backfill as it is stored. */
  Backfill settle() {
    int refusals = 0;
    for (Chunk chunk = pending; chunk != null; chunk = pending) {
      try {
        Blocking.await(chunk.written());
        committed(chunk);
      } catch (RuntimeException e) {
        if (!(e instanceof FenceLost) && !Outage.is(e) && ++refusals > REFUSALS_MAX) {
          throw e;
        }
        afterFailure(chunk, e);
      }
    }
    return stored;
  }

  private void committed(Chunk chunk) {
    pending = null;
    stored = stored.at(chunk.to());
    if (chunk.portion() != null) {
      chunk.portion().committed();
    }
  }

  /** A failed transaction may have been committed all the same, when only its answer was lost. */
  private void afterFailure(Chunk chunk, RuntimeException failure) {
    if (!(failure instanceof FenceLost)) {
      LOG.warn("backfill {} waits: {}", stored.id(), failure.toString());
      LockSupport.parkNanos(RETRY_NANOS);
    }
    Backfill now = look();
    if (now.progress().chunks() == chunk.to().chunks()
        && now.progress().done().equals(chunk.to().done())) {
      committed(chunk);
    } else if (now.progress().chunks() == stored.progress().chunks()
        && now.state() == BackfillState.RUNNING) {
      if (chunk.portion() != null && failure instanceof MinutesGone) {
        chunk.portion().refold(months);
      }
      pending = new Chunk(chunk.portion(), chunk.to(), send(chunk.portion(), chunk.to()));
    } else {
      throw new FenceLost();
    }
  }

  /** The backfill as it is in the database, however long that is away. */
  Backfill look() {
    while (!stopping.getAsBoolean()) {
      try {
        Optional<Backfill> found =
            Blocking.await(database.asEngine(connection -> store.read(connection, stored.id())));
        return found.orElseThrow(FenceLost::new);
      } catch (FenceLost e) {
        throw e;
      } catch (RuntimeException e) {
        LockSupport.parkNanos(RETRY_NANOS);
      }
    }
    throw new Stopped();
  }
}
