package dev.weir.metering.backfill;

import dev.weir.metering.aggregate.Visibility;
import dev.weir.metering.database.Database;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The thread that removes usage which nobody shows any more, a bounded number of rows at a time. */
final class RemovalWorker extends PatientThread {

  private static final long LOOK_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  private final Database database;
  private final Visibility visibility;
  private final UsageRemovals removals;

  RemovalWorker(Database database, Visibility visibility, UsageRemovals removals) {
    super("weir-usage-removal");
    this.database = database;
    this.visibility = visibility;
    this.removals = removals;
  }

  @Override
  long work() {
    List<UsageRemovals.Removal> listed = Blocking.await(database.asEngine(removals::list));
    boolean all = true;
    for (UsageRemovals.Removal removal : listed) {
      // What was folded for this usage when it was given up is written by then.
      if (visibility.position().reaches(removal.after())) {
        remove(removal);
      } else {
        all = false;
      }
    }
    return all ? idle() : LOOK_AGAIN_NANOS;
  }

  private void remove(UsageRemovals.Removal removal) {
    Blocking.await(database.earlierTransactionsEnded());
    boolean left = true;
    while (left && !isStopping()) {
      left = Blocking.await(database.asEngine(connection -> removals.step(connection, removal)));
    }
  }
}
