package dev.weir.metering.backfill;

import dev.weir.metering.MeteringError;
import dev.weir.metering.aggregate.MeterReplay;
import dev.weir.metering.aggregate.WindowEvents;
import dev.weir.metering.database.Database;
import dev.weir.metering.database.Outage;
import dev.weir.metering.journal.Frame;
import dev.weir.metering.journal.Journal;
import dev.weir.metering.journal.JournalCorrupt;
import dev.weir.metering.journal.JournalPosition;
import dev.weir.metering.meter.Meter;
import dev.weir.metering.meter.MeterStore;
import dev.weir.metering.rollup.WindowMonths;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A worker's work on one backfill, from where it stands. Confined to the worker's thread, which it blocks
 * on the journal and on the database.
 */
final class BackfillRun {

  private static final Logger LOG = LoggerFactory.getLogger(BackfillRun.class);

  /** The switch is tried when so little is left: it is counted while aggregation waits. */
  private static final long SWITCH_RECORDS_MAX = 20_000;

  /** The switch is tried when the end was reached so often and has always moved on. */
  private static final int ROUNDS_MAX = 20;

  /**
   * What runs have in common.
   *
   * @param visible up to where the windows hold the journal
   */
  record Surroundings(
      Database database,
      Journal journal,
      WindowEvents events,
      BackfillStore store,
      Supplier<JournalPosition> visible,
      InstantSource clock,
      BackfillOptions options) {}

  private final Surroundings around;
  private final BackfillSwitch ends;
  private final BooleanSupplier stopping;
  private final Backfill backfill;
  private final ChunkWriter writer;
  private final WindowMonths months;
  private JournalPosition until;
  private long sinceNanos = System.nanoTime();

  BackfillRun(
      Surroundings around, BackfillSwitch ends, BooleanSupplier stopping, Backfill backfill) {
    this.around = around;
    this.ends = ends;
    this.stopping = stopping;
    this.backfill = backfill;
    this.writer =
        new ChunkWriter(around.database(), around.store(), around.clock(), stopping, backfill);
    this.months = new WindowMonths(around.database(), around.clock());
    this.until = around.visible().get();
  }

  /** Works until there is nothing more to do, or until told to stop; false when to try again later. */
  boolean run() {
    LOG.info(
        "backfill {} of meter {}: from {} to {}",
        backfill.id(),
        backfill.meterId(),
        backfill.progress().done(),
        backfill.progress().until());
    if (!until.reaches(backfill.progress().done())) {
      return fail(
          MeteringError.METER_BACKFILL_FAILED,
          "All usage is being rebuilt from the journal, and with it what was counted; start it again.");
    }
    try {
      count();
      return true;
    } catch (ChunkWriter.FenceLost e) {
      LOG.info("backfill {} is no longer this worker's", backfill.id());
      return true;
    } catch (ChunkWriter.Stopped e) {
      return true;
    } catch (JournalIncomplete e) {
      return fail(
          MeteringError.METER_BACKFILL_JOURNAL_INCOMPLETE,
          e.getMessage() + " Start it with 'from' to count what is left.");
    } catch (JournalCorrupt e) {
      LOG.error("backfill {} cannot read the journal", backfill.id(), e);
      return fail(MeteringError.METER_BACKFILL_JOURNAL_UNREADABLE, String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      return failOrWait(e);
    }
  }

  private boolean failOrWait(RuntimeException failure) {
    if (stopping.getAsBoolean()) {
      // It may fail for that reason only, and nobody would try it again once it had failed.
      LOG.info("backfill {} is left to the next start: {}", backfill.id(), failure.toString());
      return true;
    }
    if (Outage.is(failure)) {
      LOG.warn("backfill {} waits: {}", backfill.id(), failure.toString());
      Blocking.await(around
          .database()
          .asEngine(connection -> around
              .store()
              .note(
                  connection,
                  backfill,
                  new Backfill.Reason(
                      MeteringError.METER_BACKFILL_WAITING.name(),
                      "It waits and tries again: " + failure.getMessage()))));
      return false;
    }
    LOG.error("backfill {} failed", backfill.id(), failure);
    return fail(
        MeteringError.METER_BACKFILL_FAILED, "It failed on our side; the reason is logged.");
  }

  private void count() {
    Meter meter = Blocking.await(around
        .database()
        .asEngine(connection -> new MeterStore()
            .find(connection, backfill.tenantId(), backfill.meterId().toString())));
    try (BackfillScan scan = BackfillScan.open(around.journal(), backfill, until)) {
      if (backfill.progress().start() == null) {
        writer.write(null, backfill.progress().started(scan.start(), scan.completeFrom()));
      }
      MeterReplay replay = new MeterReplay(
          meter.counting(backfill.wanted(), backfill.id()), scan.start(), around.events());
      int rounds = 0;
      while (!stopping.getAsBoolean()) {
        lookAgain(scan);
        MeterReplay.Portion portion = replay.filling();
        fold(scan, portion);
        if (portion.scanned() > 0) {
          write(scan, portion);
          replay.swap();
        }
        if (scan.next() == null && isNear(scan, ++rounds)) {
          decide(
              writer.settle(),
              stored -> ends.complete(stored, position -> rest(scan, replay, position)));
          return;
        }
      }
      writer.settle();
    }
  }

  private void lookAgain(BackfillScan scan) {
    until = around.visible().get();
    scan.extendTo(until);
  }

  private void fold(BackfillScan scan, MeterReplay.Portion portion) {
    while (portion.rows() < around.options().rowsPerChunk()
        && portion.scanned() < around.options().recordsPerChunk()) {
      Frame frame = scan.next();
      if (frame == null) {
        return;
      }
      portion.fold(frame);
      scan.taken();
    }
  }

  private void write(BackfillScan scan, MeterReplay.Portion portion) {
    portion.complete(scan.done(), months);
    writer.write(portion, progress(writer.reached(), scan, portion));
  }

  private boolean isNear(BackfillScan scan, int rounds) {
    writer.settle();
    long left = BackfillProgress.distance(scan.done(), around.visible().get());
    return left <= SWITCH_RECORDS_MAX || rounds >= ROUNDS_MAX;
  }

  /** On the aggregator's thread. */
  private BackfillSwitch.Rest rest(
      BackfillScan scan, MeterReplay replay, JournalPosition position) {
    until = position;
    scan.extendTo(position);
    MeterReplay.Portion portion = replay.filling();
    for (Frame frame = scan.next(); frame != null; frame = scan.next()) {
      portion.fold(frame);
      scan.taken();
    }
    portion.complete(position, months);
    return new BackfillSwitch.Rest(portion, progress(writer.reached(), scan, portion));
  }

  private BackfillProgress progress(
      BackfillProgress from, BackfillScan scan, MeterReplay.Portion portion) {
    long now = System.nanoTime();
    long nanos = now - sinceNanos;
    sinceNanos = now;
    return from.moved(
        until,
        scan.done(),
        scan.locations(),
        portion.scanned(),
        portion.counted(),
        portion.skipped(),
        nanos);
  }

  private boolean fail(MeteringError code, String text) {
    Backfill.Reason reason = new Backfill.Reason(code.name(), text);
    try {
      decide(settled(), running -> ends.fail(running, reason));
    } catch (ChunkWriter.FenceLost | ChunkWriter.Stopped e) {
      LOG.info("backfill {} has ended otherwise", backfill.id());
    }
    return true;
  }

  private Backfill settled() {
    try {
      return writer.settle();
    } catch (ChunkWriter.FenceLost | ChunkWriter.Stopped e) {
      throw e;
    } catch (RuntimeException e) {
      return writer.look();
    }
  }

  /** Ends the backfill; what became of an attempt without an answer is found out. */
  private void decide(Backfill running, Function<Backfill, Future<Boolean>> end) {
    int refusals = 0;
    boolean ended = false;
    while (!ended) {
      try {
        if (!Blocking.await(end.apply(running))) {
          throw new ChunkWriter.FenceLost();
        }
        ended = true;
      } catch (ChunkWriter.FenceLost | JournalIncomplete | JournalCorrupt e) {
        throw e;
      } catch (RuntimeException e) {
        LOG.warn("backfill {} cannot be ended yet: {}", backfill.id(), e.toString());
        if (!Outage.is(e) && ++refusals > ChunkWriter.REFUSALS_MAX) {
          throw e;
        }
        LockSupport.parkNanos(ChunkWriter.RETRY_NANOS);
        ended = writer.look().state() != BackfillState.RUNNING;
      }
    }
  }
}
