package dev.weir.metering.backfill;

import dev.weir.metering.database.Database;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Hands out backfills to this process's workers, each to one. Thread-safe; blocks on the database. */
final class BackfillQueue {

  private final Database database;
  private final BackfillStore store;
  private final InstantSource clock;
  private final Set<UUID> held = new HashSet<>();

  BackfillQueue(Database database, BackfillStore store, InstantSource clock) {
    this.database = database;
    this.store = store;
    this.clock = clock;
  }

  /** The one that waits longest; the caller gives it back with {@link #release}. */
  synchronized Optional<Backfill> take() {
    Optional<Backfill> taken = Blocking.await(
        database.asEngine(connection -> store.take(connection, held, clock.instant())));
    taken.ifPresent(backfill -> held.add(backfill.id()));
    return taken;
  }

  synchronized int held() {
    return held.size();
  }

  synchronized void release(Backfill backfill) {
    held.remove(backfill.id());
  }
}
