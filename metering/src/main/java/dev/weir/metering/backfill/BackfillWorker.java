package dev.weir.metering.backfill;

import dev.weir.metering.database.Database;
import dev.weir.metering.journal.Journal;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A thread that works on one backfill after the other. */
final class BackfillWorker extends PatientThread {

  private static final long LATER_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final Database database;
  private final Journal journal;
  private final BackfillQueue queue;
  private final BackfillStore store;
  private final BackfillSwitch ends;
  private final InstantSource clock;
  private final BackfillOptions options;
  private final Runnable afterwards;

  BackfillWorker(
      int number,
      Database database,
      Journal journal,
      BackfillQueue queue,
      BackfillStore store,
      BackfillSwitch ends,
      InstantSource clock,
      BackfillOptions options,
      Runnable afterwards) {
    super("weir-backfill-" + number);
    this.database = database;
    this.journal = journal;
    this.queue = queue;
    this.store = store;
    this.ends = ends;
    this.clock = clock;
    this.options = options;
    this.afterwards = afterwards;
  }

  @Override
  long work() {
    Optional<Backfill> taken = queue.take();
    if (taken.isEmpty()) {
      return idle();
    }
    Backfill backfill = taken.get();
    try {
      BackfillRun run = new BackfillRun(
          database, journal, store, ends, clock, options, this::isStopping, backfill);
      return run.run() ? 0 : LATER_NANOS;
    } finally {
      queue.release(backfill);
      afterwards.run();
    }
  }
}
