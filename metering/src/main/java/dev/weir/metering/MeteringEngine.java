package dev.weir.metering;

import dev.weir.metering.aggregate.Aggregator;
import dev.weir.metering.aggregate.Visibility;
import dev.weir.metering.aggregate.WindowEvents;
import dev.weir.metering.archive.ArchivedCycles;
import dev.weir.metering.archive.JournalUpkeep;
import dev.weir.metering.asof.AsOfQueries;
import dev.weir.metering.asof.SubjectRecords;
import dev.weir.metering.backfill.BackfillOptions;
import dev.weir.metering.backfill.Backfills;
import dev.weir.metering.correction.Corrections;
import dev.weir.metering.correction.EventHistory;
import dev.weir.metering.database.Database;
import dev.weir.metering.detail.JournalRecords;
import dev.weir.metering.detail.RunningTotals;
import dev.weir.metering.detail.UsageQueries;
import dev.weir.metering.event.EventBatch;
import dev.weir.metering.event.EventBody;
import dev.weir.metering.event.EventDecoder;
import dev.weir.metering.event.EventLimits;
import dev.weir.metering.event.EventTime;
import dev.weir.metering.explorer.EventExplorer;
import dev.weir.metering.explorer.ExplorerOptions;
import dev.weir.metering.explorer.IndexedWindowEvents;
import dev.weir.metering.ingest.Ingest;
import dev.weir.metering.ingest.IngestAnswer;
import dev.weir.metering.ingest.IngestOptions;
import dev.weir.metering.journal.Cycles;
import dev.weir.metering.journal.Flusher;
import dev.weir.metering.journal.Journal;
import dev.weir.metering.journal.JournalPosition;
import dev.weir.metering.journal.JournalWriter;
import dev.weir.metering.meter.Meter;
import dev.weir.metering.meter.MeterStore;
import dev.weir.metering.rollup.MinuteRetention;
import dev.weir.metering.rollup.Rollups;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.sqlclient.SqlConnection;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.UUID;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * Metering as the rest of the program sees it: take events, change meters, know what is visible.
 * Thread-safe. {@link #start} and {@link #stop} block and belong to the starting thread.
 */
public final class MeteringEngine {

  private static final int FRAME_HEADS_BYTES = 512 * 1024;

  /** How long a question about earlier usage waits for what was received before it. */
  private static final Duration VISIBLE_TIMEOUT = Duration.ofSeconds(30);

  private final Database database;
  private final InstantSource clock;
  private final EventDecoder decoder;
  private final EventLimits limits;
  private final Journal journal;
  private final Ingest ingest;
  private final EventExplorer explorer;
  private final Aggregator aggregator;
  private final Rollups rollups;
  private final Backfills backfills;
  private final JournalUpkeep upkeep;
  private final Vertx vertx;

  /**
   * An event without a time gets the one when its request began, so whoever closes a period must wait
   * for all requests that began before: their events may belong to it and are not in the journal yet.
   */
  private final UnderWay underWay = new UnderWay();

  private final MeterStore meters = new MeterStore();

  /** What works in the background and can be stopped on its own. */
  private record Workers(Backfills backfills, JournalUpkeep upkeep, Rollups rollups) {}

  private MeteringEngine(
      Vertx vertx,
      Database database,
      Setup setup,
      Journal journal,
      Ingest ingest,
      EventExplorer explorer,
      Aggregator aggregator,
      Workers workers) {
    this.vertx = vertx;
    this.database = database;
    this.clock = setup.clock();
    this.limits = setup.limits();
    this.decoder = new EventDecoder(limits);
    this.journal = journal;
    this.ingest = ingest;
    this.explorer = explorer;
    this.aggregator = aggregator;
    this.rollups = workers.rollups();
    this.backfills = workers.backfills();
    this.upkeep = workers.upkeep();
  }

  /**
   * What a start needs; the directory must be held exclusively by this process.
   *
   * @param minutes how long usage is kept by minutes
   */
  public record Setup(
      Path directory,
      IngestOptions ingest,
      EventLimits limits,
      InstantSource clock,
      RandomGenerator secrets,
      ExplorerOptions explorer,
      BackfillOptions backfill,
      JournalUpkeep.Options upkeep,
      MinuteRetention minutes) {

    /** With the usual bounds of everything else; keeps the whole journal on the local disk, and minutes. */
    public Setup(
        Path directory,
        IngestOptions ingest,
        EventLimits limits,
        InstantSource clock,
        RandomGenerator secrets) {
      this(
          directory,
          ingest,
          limits,
          clock,
          secrets,
          ExplorerOptions.DEFAULT,
          BackfillOptions.DEFAULT,
          JournalUpkeep.Options.LOCAL,
          MinuteRetention.FOREVER);
    }

    public Setup {
      // A batch is gathered to its bound and may then hold one more request, all in one frame.
      Invariant.check(
          (long) ingest.groupCommit().bytesMax() + limits.bodyBytesMax() + FRAME_HEADS_BYTES
              <= JournalWriter.FRAME_BYTES_MAX,
          "the largest batch and the largest request must fit one frame of "
              + JournalWriter.FRAME_BYTES_MAX
              + " bytes together");
    }
  }

  /** Opens the journal, rebuilds what is derived from it, and starts lanes and aggregation. */
  public static MeteringEngine start(Vertx vertx, Database database, Setup setup)
      throws IOException {
    ArchivedCycles archived = new ArchivedCycles(
        setup.directory(), setup.upkeep().archive(), setup.upkeep().cacheBytesMax(), setup.clock());
    Journal journal = Journal.open(
        setup.directory(), setup.ingest().lanes(), setup.clock(), setup.secrets(), archived);
    Ingest ingest = Ingest.start(journal, setup.ingest(), setup.clock(), Flusher.FORCE);
    EventExplorer explorer = EventExplorer.start(
        vertx,
        journal,
        new EventExplorer.Flushed(ingest::flushed, ingest::flushed),
        setup.explorer());
    WindowEvents events = new IndexedWindowEvents(explorer);
    Aggregator aggregator =
        Aggregator.start(vertx, database, journal, ingest, events, setup.clock());
    Backfills backfills =
        Backfills.start(database, journal, events, aggregator, setup.clock(), setup.backfill());
    JournalUpkeep upkeep = new JournalUpkeep(
            journal,
            setup.directory(),
            setup.upkeep(),
            setup.clock(),
            aggregator.visibility()::position,
            cycle -> ingest.needs(cycle, setup.clock().millis() / 1_000))
        .start();
    Rollups rollups = Rollups.start(database, setup.clock(), setup.minutes());
    return new MeteringEngine(
        vertx,
        database,
        setup,
        journal,
        ingest,
        explorer,
        aggregator,
        new Workers(backfills, upkeep, rollups));
  }

  public EventLimits limits() {
    return limits;
  }

  /**
   * Takes a JSON body, one event or an array.
   *
   * @param lines whether the body is newline-delimited instead
   */
  public Future<IngestAnswer> take(
      ContextInternal context, UUID tenantId, byte[] body, boolean lines) {
    return take(
        context,
        tenantId,
        (decoder, sender) ->
            lines ? decoder.decodeLines(body, sender) : decoder.decodeJson(body, sender));
  }

  /**
   * Takes what a request carries: decodes on the calling thread, then completes when everything accepted
   * is on stable storage.
   */
  public Future<IngestAnswer> take(ContextInternal context, UUID tenantId, EventBody body) {
    long ticket = underWay.begin();
    return taken(context, tenantId, body).onComplete(answered -> underWay.end(ticket));
  }

  private Future<IngestAnswer> taken(ContextInternal context, UUID tenantId, EventBody body) {
    EventDecoder.Sender sender = new EventDecoder.Sender(
        tenantId,
        journal.identityKey().forTenant(tenantId),
        aggregator.catalog().rules(tenantId),
        EventTime.nanos(clock.instant()));
    EventBatch batch;
    try {
      batch = body.decode(decoder, sender);
    } catch (Refusal refusal) {
      return context.failedFuture(refusal);
    }
    return ingest.submit(context, batch);
  }

  /** Corrections of what this engine has taken. */
  public Corrections corrections(EventHistory history) {
    return new Corrections(
        vertx,
        ingest,
        decoder,
        tenant -> journal.identityKey().forTenant(tenant),
        aggregator.catalog()::rules,
        history,
        clock);
  }

  /** Usage as it was known earlier. */
  public AsOfQueries asOfQueries(SubjectRecords records) {
    return new AsOfQueries(
        vertx, database, ingest::flushed, () -> awaitAllVisible(VISIBLE_TIMEOUT), records, clock);
  }

  /** What questions finer than windows read; to be closed by whoever asked for it. */
  public JournalRecords journalRecords(SubjectRecords records) {
    return new JournalRecords(vertx, records, this::journalCompleteFrom);
  }

  /** From when on everything that was received is still in the journal. */
  private Instant journalCompleteFrom() {
    int gone = journal.lanes().stream()
        .mapToInt(lane -> lane.files().newestGone())
        .max()
        .orElse(-1);
    return gone < 0 ? Instant.MIN : Instant.ofEpochMilli(Cycles.startMillis(gone + 1));
  }

  /** Usage queries about the present. */
  public UsageQueries usageQueries(JournalRecords records) {
    return new UsageQueries(database, records, clock);
  }

  /** Usage from event to event. */
  public RunningTotals runningTotals(JournalRecords records) {
    return new RunningTotals(database, records, aggregator.visibility()::position);
  }

  /** Adds a meter that counts every event journaled from now on. */
  public Future<Meter> addMeter(Meter meter) {
    return aggregator.changeMeters(
        meter.tenantId(), (connection, position) -> meters.add(connection, meter, position));
  }

  /**
   * Removes a meter: events no longer count for it, its key is free, and a backfill of it ends.
   *
   * @param mayGo asked in the same transaction, with the meter's row locked; its failure keeps the meter
   */
  public Future<Void> deleteMeter(
      Meter meter, Instant deletedAt, Function<SqlConnection, Future<Void>> mayGo) {
    return aggregator
        .changeMeters(
            meter.tenantId(),
            (connection, position) -> meters
                .lock(connection, meter)
                .compose(locked -> mayGo.apply(connection))
                .compose(free -> backfills.cancelAll(connection, meter))
                .compose(free -> meters.delete(connection, meter, deletedAt, position)))
        .onComplete(deleted -> backfills.wake());
  }

  /** Completes when a position is visible in queries. */
  public Future<Void> awaitVisible(JournalPosition position, Duration timeout) {
    if (!ingest.flushed().reaches(position)) {
      return Future.failedFuture(new Refusal(
          MeteringError.USAGE_POSITION_INVALID,
          "after",
          "Position %s lies beyond the journal's end; use one that an ingest answer gave."
              .formatted(position)));
    }
    return aggregator.visibility().await(position, timeout);
  }

  /**
   * Completes when everything acknowledged until now is visible in queries, and with it every event
   * that was received before, even if its answer comes later.
   */
  public Future<Void> awaitAllVisible(Duration timeout) {
    return underWay.settled(vertx).compose(settled -> awaitVisible(ingest.flushed(), timeout));
  }

  public Ingest ingest() {
    return ingest;
  }

  public Backfills backfills() {
    return backfills;
  }

  public Aggregator aggregator() {
    return aggregator;
  }

  public Rollups rollups() {
    return rollups;
  }

  public JournalUpkeep upkeep() {
    return upkeep;
  }

  public Visibility visibility() {
    return aggregator.visibility();
  }

  public Database database() {
    return database;
  }

  /** Finds journaled events. */
  public EventExplorer explorer() {
    return explorer;
  }

  /**
   * Tells what works in the background to leave off; what it has in hand may take seconds, in which other
   * parts can be stopped. Events are still taken.
   */
  public void tellToStop() {
    backfills.tellToStop();
    upkeep.tellToStop();
    explorer.tellToStop();
  }

  /** Tells and stops everything, as {@link #stop(StopSteps)}; throws what went wrong first. */
  public void stop() throws IOException, InterruptedException {
    StopSteps steps = new StopSteps();
    steps.then("tell", parts -> tellToStop());
    stop(steps);
    steps.end();
  }

  /**
   * Stops the lanes first, which wait for nobody, so that all that is journaled is safe whatever comes
   * after; then what is derived from the journal, and the journal. Blocks until all is written that the
   * database takes; what it does not take, and backfills, are gone on with at the next start. All must
   * have been {@linkplain #tellToStop told} before.
   */
  public void stop(StopSteps steps) {
    steps.then("ingest", parts -> ingest.stop());
    steps.then("backfills", parts -> backfills.stop());
    steps.then("rollups", parts -> rollups.stop());
    steps.then("aggregation", parts -> aggregator.stop());
    steps.then("upkeep", parts -> upkeep.close());
    steps.then("event index", parts -> explorer.stop());
    if (!ingest.isRunning()) {
      // Under a lane that writes, its mapped file must not go.
      steps.then("journal", parts -> journal.close());
    }
  }
}
