package dev.weir.metering.aggregate;

import dev.weir.metering.MeteringError;
import dev.weir.metering.Refusal;
import dev.weir.metering.database.Awaiting;
import dev.weir.metering.database.Database;
import dev.weir.metering.ingest.Ingest;
import dev.weir.metering.journal.Journal;
import dev.weir.metering.journal.JournalLane;
import dev.weir.metering.journal.JournalPosition;
import dev.weir.metering.meter.MeterStore;
import dev.weir.metering.rollup.WindowMonths;
import dev.weir.metering.scheduling.FollowingThread;
import dev.weir.metering.scheduling.LaneArrears;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.SqlConnection;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that tails all lanes and writes windows. When the database is away it keeps what it has
 * folded, stops reading at a bound, and tries again; ingest goes on meanwhile.
 */
public final class Aggregator {

  private static final Logger LOG = LoggerFactory.getLogger(Aggregator.class);

  private static final long FLUSH_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long IDLE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
  private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
  private static final int COMMANDS_MAX = 256;

  /** By how much usage may be late before it is given more of the processor: two flushes, and some. */
  private static final long BEHIND_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  private final Database database;
  private final Ingest ingest;
  private final MeterStore meters = new MeterStore();
  private final MeterCatalog catalog = new MeterCatalog();
  private final Visibility visibility;
  private final WindowFlush flush;
  private final AggregatorSteps steps;
  private final ConcurrentLinkedQueue<Command> commands = new ConcurrentLinkedQueue<>();
  private final LaneArrears arrears = new LaneArrears(System::nanoTime, BEHIND_NANOS);
  private final Thread thread;

  /** Tenants whose meters in the database may be others than in the catalogue. */
  private final Set<UUID> staleTenants = new HashSet<>();

  private volatile boolean stopping;

  /** A change of meters is being made. */
  private volatile boolean changing;

  private volatile @Nullable Throwable failure;
  private volatile long eventsFolded;
  private volatile long valuesSkipped;
  private volatile @Nullable Throwable flushFailure;

  private Aggregator(
      Vertx vertx, Database database, Ingest ingest, WindowEvents events, InstantSource clock) {
    this.database = database;
    this.flush = new WindowFlush(database, events, new WindowMonths(database, clock));
    this.ingest = ingest;
    this.steps = new AggregatorSteps(flush, new WindowFold(catalog), ingest::flushed);
    this.visibility = new Visibility(vertx);
    this.thread = FollowingThread.of(this::run, "weir-aggregator", this::isBehind);
  }

  /** Loads meters and positions and starts the thread. Blocks on the database. */
  public static Aggregator start(
      Vertx vertx,
      Database database,
      Journal journal,
      Ingest ingest,
      WindowEvents events,
      InstantSource clock) {
    Aggregator aggregator = new Aggregator(vertx, database, ingest, events, clock);
    aggregator.load(journal);
    aggregator.thread.start();
    return aggregator;
  }

  private void load(Journal journal) {
    List<Integer> lanes = journal.lanes().stream().map(JournalLane::number).toList();
    Map<Integer, WindowStore.LanePosition> positions = flush.addLanes(lanes);
    for (JournalLane lane : journal.lanes()) {
      WindowStore.LanePosition position = positions.get(lane.number());
      if (position == null) {
        throw new IllegalStateException("lane without a position: " + lane.number());
      }
      steps.addLane(lane.number(), lane.reader(), position);
    }
    catalog.replaceAll(await(database.asEngine(locked(meters::active))));
    publish();
  }

  public MeterCatalog catalog() {
    return catalog;
  }

  public Visibility visibility() {
    return visibility;
  }

  /** Why aggregation has stopped for good; null while it runs. */
  public @Nullable Throwable failure() {
    return failure;
  }

  /** Why the last flush did not succeed and is being tried again; null when it did. */
  public @Nullable Throwable flushFailure() {
    return flushFailure;
  }

  /** Events folded since the start. */
  public long eventsFolded() {
    return eventsFolded;
  }

  /** Event and meter pairs that had no usable value. */
  public long valuesSkipped() {
    return valuesSkipped;
  }

  /** Meters with very many combinations of group values, noticed since the start. */
  public int crowdedMeters() {
    return flush.crowdedMeters();
  }

  /** Journaled records that are not visible yet. */
  public long lag() {
    JournalPosition flushed = ingest.flushed();
    JournalPosition visible = visibility.position();
    return flushed.sequences().entrySet().stream()
        .mapToLong(entry -> entry.getValue() - visible.sequence(entry.getKey()))
        .sum();
  }

  private boolean isBehind() {
    boolean behind = stopping || changing || !commands.isEmpty();
    JournalPosition visible = visibility.position();
    for (Map.Entry<Integer, Long> lane : ingest.flushed().sequences().entrySet()) {
      behind |= arrears.late(lane.getKey(), lane.getValue(), visible.sequence(lane.getKey()));
    }
    return behind;
  }

  /**
   * Runs a change of meters between two frames, when everything folded is written: the work writes to
   * the database, given the journal position after which a new meter counts; then the tenant's meters
   * are reloaded. What was flushed before that position never counts for the new meter, everything later
   * does, however often the journal is replayed.
   */
  public <T> Future<T> changeMeters(
      UUID tenantId, BiFunction<SqlConnection, JournalPosition, Future<T>> work) {
    return command(() -> {
      requireWritten();
      return changed(
          tenantId,
          () -> database.inTenant(
              tenantId, locked(connection -> work.apply(connection, ingest.flushed()))));
    });
  }

  /**
   * Writes what was folded by the meters as they still are: where a void makes a window be found anew,
   * a meter that is deleted by then would be given what came after it.
   */
  private void requireWritten() {
    if (!flush()) {
      throw steps.failure() instanceof RuntimeException cause
          ? cause
          : new IllegalStateException("usage cannot be written now");
    }
  }

  private <T> Future<T> command(Supplier<T> work) {
    Promise<T> promise = Contexts.promise();
    if (commands.size() >= COMMANDS_MAX) {
      return Future.failedFuture(new Refusal(
          MeteringError.METER_CHANGES_OVERLOADED,
          "Too many changes of meters are waiting; try again shortly."));
    }
    commands.add(new Command(() -> promise.tryComplete(work.get()), promise));
    if (stopping || failure != null) {
      refuseCommands();
    }
    return promise.future();
  }

  /**
   * Runs a change of meters when everything folded is written, so that the windows hold the journal
   * exactly up to a position; then the tenant's meters are reloaded, and events after that position are
   * folded by the changed ones.
   *
   * @param work is given that position on the aggregator's thread, which it may block for a moment; what
   *     it returns is run in one transaction of the engine
   */
  public <T> Future<T> changeMetersAt(
      UUID tenantId, Function<JournalPosition, Function<SqlConnection, Future<T>>> work) {
    return command(() -> {
      requireWritten();
      Function<SqlConnection, Future<T>> transaction = work.apply(steps.committed());
      return changed(tenantId, () -> database.asEngine(locked(transaction)));
    });
  }

  /** In its transaction no other changes meters, and who reads them to fold by waits for its end. */
  private <T> Function<SqlConnection, Future<T>> locked(Function<SqlConnection, Future<T>> work) {
    return connection -> meters.lockChanges(connection).compose(locked -> work.apply(connection));
  }

  private <T> T changed(UUID tenantId, Supplier<Future<T>> transaction) {
    staleTenants.add(tenantId);
    try {
      return await(transaction.get());
    } finally {
      // Also after a failure: the change may have been made and only the answer lost.
      reloadStaleTenants();
    }
  }

  /** Nothing is folded by meters that may not be those of the database. */
  private boolean reloadStaleTenants() {
    for (UUID tenantId : List.copyOf(staleTenants)) {
      try {
        catalog.replace(
            tenantId,
            await(database.asEngine(locked(connection -> meters.active(connection, tenantId)))));
        staleTenants.remove(tenantId);
        steps.noteBack();
      } catch (RuntimeException e) {
        steps.noteAway(e);
        publish();
        return false;
      }
    }
    return true;
  }

  /** Work for the aggregator's thread, and who waits for it. */
  private record Command(Runnable work, Promise<?> promise) {
    void run() {
      try {
        work.run();
      } catch (RuntimeException e) {
        promise.tryFail(e);
      }
    }
  }

  private void refuseCommands() {
    for (Command command = commands.poll(); command != null; command = commands.poll()) {
      command.promise().tryFail(new IllegalStateException("aggregation has stopped"));
    }
  }

  private void run() {
    long flushedAt = System.nanoTime();
    try {
      while (!stopping) {
        runCommand();
        boolean progressed = staleTenants.isEmpty() && steps.foldAvailable();
        boolean due = System.nanoTime() - flushedAt >= FLUSH_NANOS;
        if (due || steps.isFull()) {
          if (!reloadStaleTenants() || !flush()) {
            LockSupport.parkNanos(RETRY_NANOS);
          }
          flushedAt = System.nanoTime();
        } else if (!progressed) {
          LockSupport.parkNanos(IDLE_NANOS);
        }
      }
      if (staleTenants.isEmpty()) {
        steps.foldAvailable();
      }
      flush();
    } catch (Throwable e) {
      LOG.error("aggregation stops for good", e);
      failure = e;
    } finally {
      stopping = true;
      refuseCommands();
      steps.close();
    }
  }

  private boolean flush() {
    boolean flushed = steps.flush();
    publish();
    return flushed;
  }

  /** One between two rounds of folding, so that changes of meters never hold up usage. */
  private void runCommand() {
    Command command = commands.poll();
    if (command != null) {
      changing = true;
      command.run();
      changing = false;
    }
  }

  private void publish() {
    eventsFolded = steps.eventsFolded();
    valuesSkipped = steps.valuesSkipped();
    flushFailure = steps.failure();
    visibility.advanceTo(steps.committed());
  }

  private static <T> T await(Future<T> future) {
    return Awaiting.get(future, Awaiting.TIMEOUT_SECONDS);
  }

  /** Folds and writes what is left, then ends the thread. Blocks. */
  public void stop() throws InterruptedException {
    stopping = true;
    thread.join();
  }
}
