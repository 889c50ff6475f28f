package dev.weir.metering.aggregate;

import dev.weir.metering.MeteringError;
import dev.weir.metering.Refusal;
import dev.weir.metering.database.Database;
import dev.weir.metering.ingest.Ingest;
import dev.weir.metering.journal.Frame;
import dev.weir.metering.journal.Journal;
import dev.weir.metering.journal.JournalCorrupt;
import dev.weir.metering.journal.JournalLane;
import dev.weir.metering.journal.JournalPosition;
import dev.weir.metering.journal.JournalReader;
import dev.weir.metering.meter.MeterStore;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.SqlConnection;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiFunction;
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
  private static final int ROWS_MAX = 40_000;
  private static final int COMMANDS_MAX = 256;

  private final Database database;
  private final Ingest ingest;
  private final MeterCatalog catalog = new MeterCatalog();
  private final Visibility visibility;
  private final WindowFlush flush;
  private final WindowFold fold = new WindowFold(catalog);
  private final List<LaneTail> tails = new ArrayList<>();
  private final ConcurrentLinkedQueue<Command> commands = new ConcurrentLinkedQueue<>();
  private final Thread thread;

  /** A write whose outcome is not known; until it is, nothing more is folded. */
  private @Nullable List<WindowStore.Advance> unsettled;

  /** Tenants whose meters in the database may be others than in the catalogue. */
  private final Set<UUID> staleTenants = new HashSet<>();

  private volatile boolean stopping;
  private volatile @Nullable Throwable failure;
  private final LongAdder eventsFolded = new LongAdder();
  private final LongAdder valuesSkipped = new LongAdder();
  private volatile @Nullable Throwable flushFailure;

  /** Where one lane stands: committed in the database, and folded in memory beyond that. */
  private static final class LaneTail {
    private final JournalLane lane;
    private final JournalReader reader;
    private long committed;
    private long folded;
    private long foldedLocation;

    LaneTail(JournalLane lane) {
      this.lane = lane;
      this.reader = lane.reader();
    }
  }

  private Aggregator(Vertx vertx, Database database, Journal journal, Ingest ingest) {
    this.database = database;
    this.flush = new WindowFlush(database, new JournalScan(journal.lanes()));
    this.ingest = ingest;
    this.visibility = new Visibility(vertx);
    this.thread = new Thread(this::run, "weir-aggregator");
  }

  /** Loads meters and positions and starts the thread. Blocks on the database. */
  public static Aggregator start(Vertx vertx, Database database, Journal journal, Ingest ingest) {
    Aggregator aggregator = new Aggregator(vertx, database, journal, ingest);
    aggregator.load(journal);
    aggregator.thread.start();
    return aggregator;
  }

  private void load(Journal journal) {
    List<Integer> lanes = journal.lanes().stream().map(JournalLane::number).toList();
    Map<Integer, WindowStore.LanePosition> positions = flush.addLanes(lanes);
    for (JournalLane lane : journal.lanes()) {
      LaneTail tail = new LaneTail(lane);
      WindowStore.LanePosition position = positions.get(lane.number());
      if (position == null) {
        throw new IllegalStateException("lane without a position: " + lane.number());
      }
      if (position.sequence() > ingest.flushed(lane.number())) {
        throw new JournalCorrupt(
            "the database has aggregated lane %d to sequence %d, but the journal ends at %d: they do"
                    .formatted(lane.number(), position.sequence(), ingest.flushed(lane.number()))
                + " not belong together");
      }
      if (position.sequence() > 0) {
        tail.reader.continueAfter(position.frameLocation(), position.sequence());
      }
      tail.committed = position.sequence();
      tail.folded = position.sequence();
      tail.foldedLocation = position.frameLocation();
      tails.add(tail);
    }
    catalog.replaceAll(await(database.asEngine(new MeterStore()::active)));
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
    return eventsFolded.sum();
  }

  /** Event and meter pairs that had no usable value. */
  public long valuesSkipped() {
    return valuesSkipped.sum();
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

  /**
   * Runs a change of meters between two frames: the work writes to the database, given the journal
   * position after which a new meter counts; then the tenant's meters are reloaded. What was flushed
   * before that position never counts for the new meter, everything later does, however often the
   * journal is replayed.
   */
  public <T> Future<T> changeMeters(
      UUID tenantId, BiFunction<SqlConnection, JournalPosition, Future<T>> work) {
    Promise<T> promise = Contexts.promise();
    if (commands.size() >= COMMANDS_MAX) {
      return Future.failedFuture(new Refusal(
          MeteringError.METER_CHANGES_OVERLOADED,
          "Too many changes of meters are waiting; try again shortly."));
    }
    commands.add(new Command(() -> promise.tryComplete(changed(tenantId, work)), promise));
    if (stopping || failure != null) {
      refuseCommands();
    }
    return promise.future();
  }

  private <T> T changed(UUID tenantId, BiFunction<SqlConnection, JournalPosition, Future<T>> work) {
    staleTenants.add(tenantId);
    try {
      return await(
          database.inTenant(tenantId, connection -> work.apply(connection, ingest.flushed())));
    } finally {
      // Also after a failure: the change may have been made and only the answer lost.
      reloadStaleTenants();
    }
  }

  /** Nothing is folded by meters that may not be those of the database. */
  private boolean reloadStaleTenants() {
    MeterStore meters = new MeterStore();
    for (UUID tenantId : List.copyOf(staleTenants)) {
      try {
        catalog.replace(
            tenantId, await(database.asEngine(connection -> meters.active(connection, tenantId))));
        staleTenants.remove(tenantId);
        flushFailure = null;
      } catch (RuntimeException e) {
        noteAway(e);
        return false;
      }
    }
    return true;
  }

  private void noteAway(RuntimeException cause) {
    if (flushFailure == null) {
      LOG.warn("database away, aggregation waits: {}", cause.toString());
    }
    flushFailure = cause;
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
        boolean progressed = foldAvailable();
        boolean due = System.nanoTime() - flushedAt >= FLUSH_NANOS;
        if (due || fold.rows() >= ROWS_MAX) {
          if (!reloadStaleTenants() || !flush()) {
            LockSupport.parkNanos(RETRY_NANOS);
          }
          flushedAt = System.nanoTime();
        } else if (!progressed) {
          LockSupport.parkNanos(IDLE_NANOS);
        }
      }
      foldAvailable();
      flush();
    } catch (Throwable e) {
      LOG.error("aggregation stops for good", e);
      failure = e;
    } finally {
      stopping = true;
      refuseCommands();
      tails.forEach(tail -> tail.reader.close());
    }
  }

  /** One between two rounds of folding, so that changes of meters never hold up usage. */
  private void runCommand() {
    Command command = commands.poll();
    if (command != null) {
      command.run();
    }
  }

  /** Folds what is flushed and not yet folded, up to the bound; gives whether there was any. */
  private boolean foldAvailable() {
    boolean progressed = false;
    if (unsettled != null || !staleTenants.isEmpty()) {
      return false;
    }
    for (LaneTail tail : tails) {
      long flushed = ingest.flushed(tail.lane.number());
      while (tail.folded < flushed && fold.rows() < ROWS_MAX) {
        Frame frame = tail.reader.next();
        if (frame == null) {
          break;
        }
        if (frame.lastSequence() > flushed) {
          tail.reader.pushBack();
          break;
        }
        fold.fold(frame);
        tail.folded = frame.lastSequence();
        tail.foldedLocation = tail.reader.location();
        progressed = true;
      }
    }
    return progressed;
  }

  /** Writes what is folded; false when the database could not be reached and all is kept. */
  private boolean flush() {
    List<WindowStore.Advance> before = unsettled;
    List<WindowStore.Advance> advances = before == null ? advances() : before;
    if (advances.isEmpty()) {
      return true;
    }
    try {
      flush.write(advances, fold);
    } catch (WindowFlush.FenceLost e) {
      if (before == null) {
        throw e;
      }
      // The fence may have been moved by the attempt before, which went through after all.
      return settle(advances, e);
    } catch (RuntimeException e) {
      return settle(advances, e);
    }
    committed(advances);
    return true;
  }

  private List<WindowStore.Advance> advances() {
    List<WindowStore.Advance> advances = new ArrayList<>();
    for (LaneTail tail : tails) {
      if (tail.folded > tail.committed) {
        advances.add(new WindowStore.Advance(
            tail.lane.number(), tail.committed, tail.folded, tail.foldedLocation));
      }
    }
    return advances;
  }

  /**
   * A failed transaction may have been committed all the same, when only its answer was lost: the
   * stored positions tell, as long as nothing more is folded than what was written then.
   */
  private boolean settle(List<WindowStore.Advance> advances, RuntimeException cause) {
    unsettled = advances;
    Map<Integer, WindowStore.LanePosition> stored;
    try {
      stored = flush.positions();
    } catch (RuntimeException e) {
      noteAway(cause);
      return false;
    }
    long done = advances.stream()
        .filter(a -> sequence(stored, a.lane()) == a.toSequence())
        .count();
    long pending = advances.stream()
        .filter(a -> sequence(stored, a.lane()) == a.fromSequence())
        .count();
    if (done == advances.size()) {
      committed(advances);
      return true;
    }
    if (pending < advances.size()) {
      throw new WindowFlush.FenceLost();
    }
    if (flushFailure == null) {
      LOG.error("flush failed and is tried again until it succeeds", cause);
    }
    flushFailure = cause;
    return false;
  }

  private static long sequence(Map<Integer, WindowStore.LanePosition> stored, int lane) {
    WindowStore.LanePosition position = stored.get(lane);
    return position == null ? -1 : position.sequence();
  }

  private void committed(List<WindowStore.Advance> advances) {
    unsettled = null;
    if (flushFailure != null) {
      LOG.info("flushes succeed again");
      flushFailure = null;
    }
    for (WindowStore.Advance advance : advances) {
      for (LaneTail tail : tails) {
        if (tail.lane.number() == advance.lane()) {
          tail.committed = advance.toSequence();
        }
      }
    }
    eventsFolded.add(fold.events());
    valuesSkipped.add(fold.skipped());
    fold.clear();
    publish();
  }

  private void publish() {
    TreeMap<Integer, Long> sequences = new TreeMap<>();
    for (LaneTail tail : tails) {
      if (tail.committed > 0) {
        sequences.put(tail.lane.number(), tail.committed);
      }
    }
    visibility.advanceTo(new JournalPosition(sequences));
  }

  private static <T> T await(Future<T> future) {
    return Awaiting.get(future, WindowFlush.DATABASE_TIMEOUT_SECONDS);
  }

  /** Folds and writes what is left, then ends the thread. Blocks. */
  public void stop() throws InterruptedException {
    stopping = true;
    thread.join();
  }
}
