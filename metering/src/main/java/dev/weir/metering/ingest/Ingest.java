package dev.weir.metering.ingest;

import dev.weir.metering.MeteringError;
import dev.weir.metering.Refusal;
import dev.weir.metering.StopSteps;
import dev.weir.metering.dedup.Identities;
import dev.weir.metering.dedup.IdentityKey;
import dev.weir.metering.dedup.IdentityRules;
import dev.weir.metering.dedup.SegmentDisk;
import dev.weir.metering.event.EventBatch;
import dev.weir.metering.event.EventTime;
import dev.weir.metering.event.Verdict;
import dev.weir.metering.journal.CycleFacts;
import dev.weir.metering.journal.EventLog;
import dev.weir.metering.journal.Flusher;
import dev.weir.metering.journal.Journal;
import dev.weir.metering.journal.JournalPosition;
import dev.weir.metering.journal.ReadableLane;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.ContextInternal;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The way in for events: reserves room, hands requests to the lanes, answers when they have flushed.
 * Thread-safe; futures complete on the caller's Vert.x context.
 */
public final class Ingest {

  /** The directory of sealed identities beside a lane's cycles. */
  private static final String IDENTITIES = "identities";

  private final IngestOptions options;
  private final Identities identities;
  private final List<IngestLane> lanes = new ArrayList<>();
  private final Map<Integer, Long> closedLanes = new TreeMap<>();
  /** Where each lane stood at the start; identities known from then may be in any of them. */
  private final Map<Integer, Long> recovered = new TreeMap<>();

  private final AtomicInteger queuedRequests = new AtomicInteger();
  private final AtomicLong queuedBytes = new AtomicLong();

  private Ingest(IngestOptions options, Identities identities) {
    this.options = options;
    this.identities = identities;
  }

  /**
   * Loads the identities, reads in the journal what is not sealed of them, and starts the lanes. Blocks
   * while it reads: about a second for ten million sealed identities, or two million events.
   */
  public static Ingest start(
      Journal journal, IngestOptions options, InstantSource clock, Flusher flusher)
      throws IOException {
    return start(journal, options, clock, flusher, SegmentDisk.FILES);
  }

  static Ingest start(
      Journal journal,
      IngestOptions options,
      InstantSource clock,
      Flusher flusher,
      SegmentDisk disk)
      throws IOException {
    Recovery recovery = new Recovery(
        journal.lanes(),
        journal.identityKey(),
        options.identityRules(),
        disk,
        clock.millis() / 1_000);
    Ingest ingest =
        of(recovery, options, lane -> journal.lane(lane).writer(flusher, options.reserveBytes()));
    ingest.identities.start();
    ingest.lanes.forEach(IngestLane::start);
    return ingest;
  }

  /**
   * What ingest goes on from.
   *
   * @param lanes all that exist, also those that are no longer written
   */
  record Recovery(
      Collection<? extends ReadableLane> lanes,
      IdentityKey key,
      IdentityRules rules,
      SegmentDisk disk,
      long nowSeconds) {}

  /**
   * Ingest whose threads have not been started.
   *
   * @param logs the log of each lane that is written; opened when everything has been read
   */
  static Ingest of(Recovery recovery, IngestOptions options, IntFunction<EventLog> logs)
      throws IOException {
    Identities identities = openIdentities(recovery, options.lanes());
    try {
      Map<Integer, Long> lastSequences = IdentityRecovery.recover(
          recovery.lanes(), recovery.key(), identities, recovery.nowSeconds());
      return of(identities, lastSequences, options, logs);
    } catch (IOException | RuntimeException e) {
      identities.abandon();
      throw e;
    }
  }

  private static Ingest of(
      Identities identities,
      Map<Integer, Long> lastSequences,
      IngestOptions options,
      IntFunction<EventLog> logs) {
    Ingest ingest = new Ingest(options, identities);
    lastSequences.forEach((lane, last) -> {
      if (last > 0) {
        ingest.recovered.put(lane, last);
      }
      if (lane >= options.lanes()) {
        ingest.closedLanes.put(lane, last);
      }
    });
    for (int i = 0; i < options.lanes(); i++) {
      ingest.lanes.add(new IngestLane(
          i,
          options,
          identities.index(i),
          logs.apply(i),
          lastSequences.getOrDefault(i, 0L),
          ingest::release,
          GroupCommit.Pace.of(options.groupCommit())));
    }
    return ingest;
  }

  private static Identities openIdentities(Recovery recovery, int lanes) throws IOException {
    TreeMap<Integer, Path> directories = new TreeMap<>();
    for (ReadableLane lane : recovery.lanes()) {
      directories.put(lane.number(), lane.files().directory().resolve(IDENTITIES));
    }
    return Identities.open(
        new Identities.Setup(
            lanes,
            recovery.rules(),
            high -> LaneSteps.laneOf(high, lanes),
            recovery.key(),
            recovery.disk()),
        directories,
        recovery.nowSeconds());
  }

  /**
   * Takes a decoded request. Refuses with INGEST_OVERLOADED before anything is journaled when too much
   * is queued already.
   */
  public Future<IngestAnswer> submit(ContextInternal context, EventBatch batch) {
    Promise<IngestAnswer> promise = context.promise();
    submit(batch, promise);
    return promise.future();
  }

  /** The same with a promise of the caller's, completed by this thread or by a lane. */
  void submit(EventBatch batch, Promise<IngestAnswer> promise) {
    boolean[] touched = touchedLanes(batch);
    int count = 0;
    for (boolean lane : touched) {
      count += lane ? 1 : 0;
    }
    if (count == 0) {
      promise.complete(new IngestAnswer(batch, JournalPosition.START));
      return;
    }
    if (!reserve(batch, count)) {
      promise.fail(new Refusal(
          MeteringError.INGEST_OVERLOADED,
          "More is being sent than the disk takes; nothing of this request was taken. Send it again"
              + " after the time in Retry-After."));
      return;
    }
    PendingRequest request = new PendingRequest(batch, promise, count, recovered);
    for (int i = 0; i < touched.length; i++) {
      if (touched[i]) {
        lanes.get(i).submit(request);
      }
    }
  }

  private boolean[] touchedLanes(EventBatch batch) {
    boolean[] touched = new boolean[lanes.size()];
    for (int i = 0; i < batch.count(); i++) {
      if (batch.verdict(i) == Verdict.ACCEPTED) {
        touched[LaneSteps.laneOf(batch.identityHigh(i), touched.length)] = true;
      }
    }
    return touched;
  }

  private boolean reserve(EventBatch batch, int laneCount) {
    long bytes = (long) batch.bytes() * laneCount;
    int requests = queuedRequests.addAndGet(laneCount);
    long total = queuedBytes.addAndGet(bytes);
    boolean alone = requests == laneCount;
    if (alone || (requests <= options.queuedRequestsMax() && total <= options.queuedBytesMax())) {
      return true;
    }
    queuedRequests.addAndGet(-laneCount);
    queuedBytes.addAndGet(-bytes);
    return false;
  }

  /** A lane has taken a request off its queue. */
  private void release(PendingRequest request) {
    queuedRequests.decrementAndGet();
    queuedBytes.addAndGet(-request.batch().bytes());
  }

  /** What is on stable storage, in every lane that was ever written. */
  public JournalPosition flushed() {
    TreeMap<Integer, Long> sequences = new TreeMap<>(closedLanes);
    for (IngestLane lane : lanes) {
      sequences.put(lane.number(), lane.flushedSequence());
    }
    sequences.values().removeIf(sequence -> sequence == 0);
    return new JournalPosition(sequences);
  }

  /** The last flushed sequence of one lane. */
  public long flushed(int lane) {
    return lane < lanes.size()
        ? lanes.get(lane).flushedSequence()
        : closedLanes.getOrDefault(lane, 0L);
  }

  /** Why a lane has stopped for good, if one has. */
  public Optional<Throwable> failure() {
    for (IngestLane lane : lanes) {
      @Nullable Throwable failure = lane.failure();
      if (failure != null) {
        return Optional.of(failure);
      }
    }
    return Optional.empty();
  }

  IngestLane lane(int number) {
    return lanes.get(number);
  }

  public int queuedRequests() {
    return queuedRequests.get();
  }

  /** Identities held by all lanes. */
  public long identities() {
    return identities.size();
  }

  /** Whether the next start would read a cycle for identities that no segment has yet. */
  public boolean needs(CycleFacts cycle, long nowSeconds) {
    long receivedSeconds = cycle.times().receivedToNanos() / EventTime.NANOS_PER_SECOND;
    return !options.identityRules().isExpired(receivedSeconds, nowSeconds)
        && cycle.lastSequence() > identities.volumes(cycle.lane()).sealedTo();
  }

  /** What is remembered of events, for its figures. */
  public Identities dedup() {
    return identities;
  }

  /**
   * Finishes what is queued and stops the lanes, all of them whatever becomes of one. Blocks. The memory
   * of identities is not freed while a lane still runs, as after an interruption.
   */
  public void stop() throws IOException, InterruptedException {
    StopSteps steps = new StopSteps();
    lanes.forEach(IngestLane::tellToStop);
    lanes.forEach(lane -> steps.then("lane " + lane.number(), parts -> lane.close()));
    if (!isRunning()) {
      steps.then("identities", parts -> identities.close());
    }
    steps.end();
  }

  /** Whether a lane's thread has not ended. */
  public boolean isRunning() {
    return lanes.stream().anyMatch(IngestLane::isRunning);
  }
}
