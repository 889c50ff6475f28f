package dev.weir.metering.backfill;

import dev.weir.metering.MeteringError;
import dev.weir.metering.Refusal;
import dev.weir.metering.aggregate.Aggregator;
import dev.weir.metering.aggregate.WindowEvents;
import dev.weir.metering.database.Database;
import dev.weir.metering.journal.Journal;
import dev.weir.metering.journal.JournalPosition;
import dev.weir.metering.meter.Meter;
import dev.weir.metering.meter.MeterChange;
import dev.weir.metering.meter.MeterStore;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Backfills as the rest of the program sees them: ask for one, look, pause, resume, cancel. Thread-safe;
 * {@link #start} and {@link #stop} belong to the starting thread, and stop blocks.
 */
public final class Backfills {

  private final Aggregator aggregator;
  private final InstantSource clock;
  private final BackfillOptions options;
  private final BackfillStore store = new BackfillStore();
  private final UsageRemovals removals = new UsageRemovals();
  private final MeterStore meters = new MeterStore();
  private final List<BackfillWorker> workers = new ArrayList<>();
  private final RemovalWorker remover;
  private final BackfillQueue queue;

  private Backfills(
      Database database,
      Journal journal,
      WindowEvents events,
      Aggregator aggregator,
      InstantSource clock,
      BackfillOptions options) {
    this.aggregator = aggregator;
    this.clock = clock;
    this.options = options;
    BackfillSwitch ends = new BackfillSwitch(aggregator, meters, store, removals, clock);
    BackfillRun.Surroundings around = new BackfillRun.Surroundings(
        database, journal, events, store, aggregator.visibility()::position, clock, options);
    queue = new BackfillQueue(database, store, clock);
    remover = new RemovalWorker(database, removals);
    for (int i = 0; i < options.workers(); i++) {
      workers.add(new BackfillWorker(i, around, queue, ends, remover::wake));
    }
  }

  /** Goes on with what a predecessor left, and waits for more. Blocks on the database. */
  public static Backfills start(
      Database database,
      Journal journal,
      WindowEvents events,
      Aggregator aggregator,
      InstantSource clock,
      BackfillOptions options) {
    Backfills backfills = new Backfills(database, journal, events, aggregator, clock, options);
    backfills.workers.forEach(BackfillWorker::start);
    backfills.remover.start();
    if (Blocking.await(database.asEngine(backfills::anyToDo))) {
      backfills.wake();
    }
    return backfills;
  }

  private Future<Boolean> anyToDo(SqlConnection connection) {
    return store
        .anyToDo(connection)
        .compose(any ->
            any ? Future.succeededFuture(true) : removals.list(connection).map(l -> !l.isEmpty()));
  }

  /**
   * What is asked for.
   *
   * @param change the definition to count by and to take effect at the end; null for the meter's own
   * @param from a time of receipt: earlier journal files need not be read; null for all of the journal
   */
  public record Request(
      UUID id,
      Meter meter,
      @Nullable MeterChange change,
      @Nullable Instant from) {}

  /**
   * Asks for a backfill; completes when it is noted, and it goes on by itself. Refuses with
   * METER_NOT_FOUND, METER_BACKFILL_UNDER_WAY, METER_BACKFILL_TOO_MANY, METER_BACKFILL_FROM_INVALID.
   */
  public Future<Backfill> begin(Request request) {
    Instant now = now();
    if (request.from() != null && request.from().isAfter(now)) {
      return Future.failedFuture(new Refusal(
          MeteringError.METER_BACKFILL_FROM_INVALID,
          "from",
          "'from' lies in the future; what is received from now on is counted anyway."));
    }
    Meter meter = request.meter();
    return aggregator
        .changeMeters(
            meter.tenantId(),
            (connection, position) -> meters
                .lock(connection, meter)
                .compose(locked ->
                    meters.find(connection, meter.tenantId(), meter.id().toString()))
                .compose(current -> add(connection, request, current, position, now)))
        .onComplete(added -> wake());
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }

  private Future<Backfill> add(
      SqlConnection connection,
      Request request,
      Meter meter,
      JournalPosition position,
      Instant now) {
    MeterChange wanted = request.change() == null ? MeterChange.of(meter) : request.change();
    return store.add(
        connection,
        new Backfill(
            request.id(),
            meter.tenantId(),
            meter.id(),
            wanted,
            BackfillState.QUEUED,
            null,
            request.from(),
            BackfillProgress.none(position),
            new Backfill.Times(now, null, now, null)),
        options.perTenantMax());
  }

  /** Adds a meter and a backfill of it, both or none. */
  public Future<Backfill> addMeter(Request request) {
    Meter meter = request.meter();
    return aggregator
        .changeMeters(
            meter.tenantId(),
            (connection, position) -> meters
                .add(connection, meter, position)
                .compose(added -> add(connection, request, meter, position, now())))
        .onComplete(added -> wake());
  }

  /**
   * Ends a backfill, whatever it does; what it has counted is removed. One that is cancelled already stays
   * so; refuses with METER_BACKFILL_NOT_FOUND, and with METER_BACKFILL_ENDED.
   */
  public Future<Backfill> cancel(Meter meter, String id) {
    return change(meter, id, BackfillState.CANCELLED);
  }

  /** Makes a backfill wait, until it is resumed; refuses as {@link #cancel}. */
  public Future<Backfill> pause(Meter meter, String id) {
    return change(meter, id, BackfillState.PAUSED);
  }

  /** Makes a paused backfill go on; one that is not paused does anyway. Refuses as {@link #cancel}. */
  public Future<Backfill> resume(Meter meter, String id) {
    return change(meter, id, BackfillState.QUEUED);
  }

  private Future<Backfill> change(Meter meter, String id, BackfillState to) {
    return aggregator
        .changeMeters(
            meter.tenantId(),
            (connection, position) -> store
                .find(connection, meter, id)
                .compose(found -> isIn(found.state(), to)
                    ? Future.succeededFuture(found)
                    : change(connection, found, to)
                        .compose(changed -> store.find(connection, meter, id))))
        .onComplete(changed -> wake());
  }

  private static boolean isIn(BackfillState now, BackfillState wanted) {
    return now == wanted || (wanted == BackfillState.QUEUED && now == BackfillState.RUNNING);
  }

  private Future<Void> change(SqlConnection connection, Backfill backfill, BackfillState to) {
    return store.change(connection, backfill, to, now()).compose(changed -> {
      if (!changed) {
        return Future.failedFuture(new Refusal(
            MeteringError.METER_BACKFILL_ENDED,
            "The backfill has ended (%s) and cannot be changed; start another if need be."
                .formatted(backfill.state().text())));
      }
      return to == BackfillState.CANCELLED
          ? removals.add(connection, backfill.tenantId(), backfill.id(), now())
          : Future.succeededFuture();
    });
  }

  /** Ends what is under way for a meter that is being deleted, in the same transaction. */
  public Future<Void> cancelAll(SqlConnection connection, Meter meter) {
    return store.list(connection, meter).compose(backfills -> {
      Future<Void> cancelled = Future.succeededFuture();
      for (Backfill backfill : backfills) {
        if (!backfill.state().isEnd()) {
          cancelled =
              cancelled.compose(done -> change(connection, backfill, BackfillState.CANCELLED));
        }
      }
      return cancelled;
    });
  }

  /** How many backfills a worker has in hand. */
  public int running() {
    return queue.held();
  }

  /** To look at backfills. */
  public BackfillStore store() {
    return store;
  }

  /** Makes the threads look for what there is to do. */
  public void wake() {
    workers.forEach(BackfillWorker::wake);
    remover.wake();
  }

  /** Lets the threads end after what they have in hand; they go on at the next start. */
  public void tellToStop() {
    workers.forEach(BackfillWorker::tellToStop);
    remover.tellToStop();
  }

  /** Lets the threads end, and waits for them. Blocks. */
  public void stop() throws InterruptedException {
    tellToStop();
    for (BackfillWorker worker : workers) {
      worker.join();
    }
    remover.join();
  }
}
