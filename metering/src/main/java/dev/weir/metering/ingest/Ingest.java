package dev.weir.metering.ingest;

import dev.weir.metering.MeteringError;
import dev.weir.metering.Refusal;
import dev.weir.metering.dedup.IdentityHash;
import dev.weir.metering.dedup.IdentityIndex;
import dev.weir.metering.dedup.IdentityKey;
import dev.weir.metering.event.EventBatch;
import dev.weir.metering.event.EventTime;
import dev.weir.metering.event.Verdict;
import dev.weir.metering.journal.Flusher;
import dev.weir.metering.journal.Frame;
import dev.weir.metering.journal.Journal;
import dev.weir.metering.journal.JournalLane;
import dev.weir.metering.journal.JournalPosition;
import dev.weir.metering.journal.JournalReader;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.ContextInternal;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way in for events: reserves room, hands requests to the lanes, answers when they have flushed.
 * Thread-safe; futures complete on the caller's Vert.x context.
 */
public final class Ingest {

  private static final Logger LOG = LoggerFactory.getLogger(Ingest.class);

  private final IngestOptions options;
  private final List<IngestLane> lanes = new ArrayList<>();
  private final Map<Integer, Long> closedLanes = new TreeMap<>();
  /** Where each lane stood at the start; identities known from then may be in any of them. */
  private final Map<Integer, Long> recovered = new TreeMap<>();

  private final AtomicInteger queuedRequests = new AtomicInteger();
  private final AtomicLong queuedBytes = new AtomicLong();

  private Ingest(IngestOptions options) {
    this.options = options;
  }

  /**
   * Rebuilds the identity indexes from the journal and starts the lanes. Blocks while it reads: about
   * a second for two million events.
   */
  public static Ingest start(
      Journal journal, IngestOptions options, InstantSource clock, Flusher flusher)
      throws IOException {
    Ingest ingest = new Ingest(options);
    long horizonSeconds = options.horizonSeconds();
    List<IdentityIndex> indexes = new ArrayList<>();
    for (int i = 0; i < options.lanes(); i++) {
      indexes.add(new IdentityIndex(options.identitiesMax() / options.lanes(), horizonSeconds));
    }
    Map<Integer, Long> lastSequences = new HashMap<>();
    long oldestSeconds = clock.millis() / 1_000 - horizonSeconds;
    for (JournalLane lane : journal.lanes()) {
      long last = remember(journal, lane, indexes, oldestSeconds);
      lastSequences.put(lane.number(), last);
      if (last > 0) {
        ingest.recovered.put(lane.number(), last);
      }
      if (lane.number() >= options.lanes()) {
        ingest.closedLanes.put(lane.number(), last);
      }
    }
    for (int i = 0; i < options.lanes(); i++) {
      IngestLane lane = new IngestLane(
          i,
          options,
          indexes.get(i),
          journal.lane(i).writer(flusher, options.reserveBytes()),
          lastSequences.getOrDefault(i, 0L),
          ingest::release);
      ingest.lanes.add(lane);
    }
    ingest.lanes.forEach(IngestLane::start);
    return ingest;
  }

  /** Reads what is here of a lane, checking it, and remembers every identity within the horizon. */
  private static long remember(
      Journal journal, JournalLane lane, List<IdentityIndex> indexes, long oldestSeconds) {
    IdentityHash hash = new IdentityHash();
    Map<UUID, IdentityKey> keys = new HashMap<>();
    long startNanos = System.nanoTime();
    long last = 0;
    try (JournalReader reader = lane.localReader()) {
      for (Frame frame = reader.next(); frame != null; frame = reader.next()) {
        frame.forEach(event -> remember(journal, event, indexes, oldestSeconds, hash, keys));
        last = frame.lastSequence();
      }
    }
    LOG.info(
        "lane {}: read back to sequence {} in {} ms",
        lane.number(),
        last,
        (System.nanoTime() - startNanos) / 1_000_000);
    return last;
  }

  private static void remember(
      Journal journal,
      Frame.RecordView event,
      List<IdentityIndex> indexes,
      long oldestSeconds,
      IdentityHash hash,
      Map<UUID, IdentityKey> keys) {
    long receivedSeconds = event.receivedNanos() / EventTime.NANOS_PER_SECOND;
    boolean first = !event.isConflict() && !event.isVoid() && !event.isReplacement();
    if (!first || receivedSeconds < oldestSeconds) {
      return;
    }
    IdentityKey key =
        keys.computeIfAbsent(event.tenantId(), tenant -> journal.identityKey().forTenant(tenant));
    hash.hash(key.key0(), key.key1(), event.bytes(), event.identityFrom(), event.identityLength());
    IdentityIndex index = indexes.get(LaneSteps.laneOf(hash.high(), indexes.size()));
    IdentityIndex.Answer answer =
        index.check(hash.high(), hash.low(), event.payloadHash(), receivedSeconds);
    if (answer == IdentityIndex.Answer.FULL) {
      throw new IllegalStateException(
          "the journal holds more identities within the horizon than the index may: raise the bound");
    }
  }

  /**
   * Takes a decoded request. Refuses with INGEST_OVERLOADED before anything is journaled when too much
   * is queued already.
   */
  public Future<IngestAnswer> submit(ContextInternal context, EventBatch batch) {
    Promise<IngestAnswer> promise = context.promise();
    boolean[] touched = touchedLanes(batch);
    int count = 0;
    for (boolean lane : touched) {
      count += lane ? 1 : 0;
    }
    if (count == 0) {
      promise.complete(new IngestAnswer(batch, JournalPosition.START));
      return promise.future();
    }
    if (!reserve(batch, count)) {
      return context.failedFuture(new Refusal(
          MeteringError.INGEST_OVERLOADED,
          "More is being sent than the disk takes; nothing of this request was taken. Send it again"
              + " after the time in Retry-After."));
    }
    PendingRequest request = new PendingRequest(batch, promise, count, recovered);
    for (int i = 0; i < touched.length; i++) {
      if (touched[i]) {
        lanes.get(i).submit(request);
      }
    }
    return promise.future();
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

  public int queuedRequests() {
    return queuedRequests.get();
  }

  /** Identities held by all lanes. */
  public long identities() {
    return lanes.stream().mapToLong(IngestLane::identities).sum();
  }

  /** Finishes what is queued and stops the lanes. Blocks. */
  public void stop() throws IOException, InterruptedException {
    for (IngestLane lane : lanes) {
      lane.stop();
    }
  }
}
