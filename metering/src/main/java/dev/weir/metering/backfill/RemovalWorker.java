package dev.weir.metering.backfill;

import dev.weir.metering.database.Database;
import java.util.List;
import java.util.UUID;

/** The thread that removes usage which nobody shows any more, a bounded number of rows at a time. */
final class RemovalWorker extends PatientThread {

  private final Database database;
  private final UsageRemovals removals;

  RemovalWorker(Database database, UsageRemovals removals) {
    super("weir-usage-removal");
    this.database = database;
    this.removals = removals;
  }

  @Override
  long work() {
    List<UUID> listed = Blocking.await(database.asEngine(removals::list));
    if (listed.isEmpty()) {
      return idle();
    }
    // Who had been led to this usage by a meter's row may still be reading it.
    Blocking.await(database.earlierTransactionsEnded());
    for (UUID usageId : listed) {
      remove(usageId);
    }
    return 0;
  }

  private void remove(UUID usageId) {
    boolean left = true;
    while (left && !isStopping()) {
      left = Blocking.await(database.asEngine(connection -> removals.step(connection, usageId)));
    }
  }
}
