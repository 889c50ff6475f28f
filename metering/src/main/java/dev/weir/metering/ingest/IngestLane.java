package dev.weir.metering.ingest;

import dev.weir.metering.MeteringError;
import dev.weir.metering.Refusal;
import dev.weir.metering.dedup.IdentityIndex;
import dev.weir.metering.event.EventBatch;
import dev.weir.metering.journal.EventLog;
import dev.weir.metering.scheduling.AnsweringThread;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One writer: takes what has gathered, deduplicates it, appends one frame, flushes, answers. Its thread
 * is the only one that touches the index and the writer.
 */
final class IngestLane {

  private static final Logger LOG = LoggerFactory.getLogger(IngestLane.class);
  private static final long IDLE_MILLIS = 100;

  /** While identities are sealed as fast as it goes, requests rather wait than be refused; all so long. */
  private static final long SEALS_MILLIS_MAX = 2_000;

  private final int number;
  private final EventLog log;
  private final LaneSteps steps;
  private final GroupCommit.Pace pace;
  private final Consumer<PendingRequest> onRelease;
  private final LinkedBlockingQueue<PendingRequest> queue = new LinkedBlockingQueue<>();
  private final Thread thread;

  private volatile long flushedSequence;
  private volatile @Nullable Throwable failure;
  private volatile boolean stopping;
  private volatile boolean awaitingSeals;

  /** How long requests may still wait for seals, until the lane has not had to wait for any again. */
  private long sealsMillisLeft = SEALS_MILLIS_MAX;

  /**
   * @param onRelease told of each request that leaves the queue, to give back its reservation
   */
  IngestLane(
      int number,
      IngestOptions options,
      IdentityIndex index,
      EventLog log,
      long lastSequence,
      Consumer<PendingRequest> onRelease,
      GroupCommit.Pace pace) {
    this.number = number;
    this.log = log;
    this.steps = new LaneSteps(number, options.lanes(), index, log, lastSequence);
    this.pace = pace;
    this.flushedSequence = lastSequence;
    this.onRelease = onRelease;
    this.thread = new Thread(this::run, "weir-lane-" + number);
  }

  void start() {
    thread.start();
  }

  /** Hands a request over; the caller has reserved its room. */
  void submit(PendingRequest request) {
    queue.add(request);
    if (stopping || failure != null) {
      refuseQueued();
    }
  }

  int number() {
    return number;
  }

  /** The last sequence on stable storage; readers go no further. */
  long flushedSequence() {
    return flushedSequence;
  }

  @Nullable
  Throwable failure() {
    return failure;
  }

  private void run() {
    AnsweringThread.begin();
    boolean working = true;
    while (working && (!stopping || !queue.isEmpty())) {
      try {
        awaitSeals();
        working = turn(IDLE_MILLIS);
      } catch (InterruptedException e) {
        stopping = true;
      }
    }
    refuseQueued();
  }

  /** Leaves requests in the queue, whose bound then refuses others, until their identities have room. */
  private void awaitSeals() throws InterruptedException {
    if (!steps.awaitsSeals()) {
      sealsMillisLeft = SEALS_MILLIS_MAX;
      return;
    }
    awaitingSeals = true;
    while (sealsMillisLeft > 0 && !stopping && steps.awaitsSeals()) {
      TimeUnit.MILLISECONDS.sleep(1);
      sealsMillisLeft -= queue.isEmpty() ? 0 : 1;
    }
    awaitingSeals = false;
  }

  /** Whether it takes nothing until identities are sealed. */
  boolean isAwaitingSeals() {
    return awaitingSeals;
  }

  /**
   * Waits for a request for some time and processes what has gathered then.
   *
   * @return false when the lane has stopped for good
   */
  boolean turn(long waitMillis) throws InterruptedException {
    List<PendingRequest> batch = new ArrayList<>();
    PendingRequest first = queue.poll(waitMillis, TimeUnit.MILLISECONDS);
    if (first == null) {
      return true;
    }
    try {
      long bytes = gather(first, 0, batch);
      if (pace.await(bytes)) {
        gather(queue.poll(), bytes, batch);
      }
      pace.begins(batch.size());
      process(batch);
      return true;
    } catch (Throwable e) {
      // Also Errors: a full disk under a mapped file surfaces as InternalError.
      fail(batch, e);
      return false;
    }
  }

  /** Adds what is queued, as far as a batch goes; gives how many bytes the batch has then. */
  private long gather(
      @Nullable PendingRequest first, long bytesBefore, List<PendingRequest> batch) {
    PendingRequest request = first;
    long bytes = bytesBefore;
    while (request != null) {
      batch.add(request);
      bytes += request.batch().bytes();
      request = pace.isFull(bytes) ? null : queue.poll();
    }
    return bytes;
  }

  private void process(List<PendingRequest> batch) throws IOException {
    if (!log.hasRoom()) {
      batch.forEach(this::refuseForDisk);
      return;
    }
    Set<EventBatch> full = steps.take(batch.stream().map(PendingRequest::batch).toList());
    flushedSequence = steps.lastSequence();
    for (PendingRequest request : batch) {
      onRelease.accept(request);
      if (full.contains(request.batch())) {
        request.laneFailed(refusal(steps.reason(request.batch())));
      } else {
        request.laneDone(number, flushedSequence);
      }
    }
  }

  private void refuseForDisk(PendingRequest request) {
    onRelease.accept(request);
    request.laneFailed(new Refusal(
        MeteringError.INGEST_DISK_RESERVE,
        "The journal's disk is down to its reserve. Free space and send the request again: what was"
            + " recorded will be recognised."));
  }

  private static Refusal refusal(IdentityIndex.Answer reason) {
    return switch (reason) {
      case UNSEALED ->
        new Refusal(
            MeteringError.INGEST_DEDUP_UNSEALED,
            "The identities of earlier events cannot be written to disk; ingest goes on when they are."
                + " See the log for the reason, and send the request again: what was recorded will be"
                + " recognised.");
      case UNREADABLE ->
        new Refusal(
            MeteringError.INGEST_DEDUP_UNREADABLE,
            "A file of identities that an event of the request may be in cannot be read. Restart Weir,"
                + " which makes it anew from the journal, and send the request again.");
      default ->
        new Refusal(
            MeteringError.INGEST_DEDUP_FULL,
            "The identity index is full. Raise its bound and send the request again: what was recorded"
                + " will be recognised.");
    };
  }

  private void fail(List<PendingRequest> batch, Throwable cause) {
    LOG.error("lane {} stops for good: what it last wrote may not be on disk", number, cause);
    failure = cause;
    for (PendingRequest request : batch) {
      onRelease.accept(request);
      request.laneFailed(stopped());
    }
    refuseQueued();
  }

  private void refuseQueued() {
    PendingRequest request = queue.poll();
    while (request != null) {
      onRelease.accept(request);
      request.laneFailed(stopped());
      request = queue.poll();
    }
  }

  static Refusal stopped() {
    return new Refusal(
        MeteringError.INGEST_STOPPED,
        "Ingest has stopped; whether this request was recorded is unknown. Send it again: what was"
            + " recorded will be recognised.");
  }

  /** Lets the thread end when what is queued is finished; what comes now is refused. */
  void tellToStop() {
    stopping = true;
  }

  /** Waits for the thread's end, then closes the writer. */
  void close() throws IOException, InterruptedException {
    thread.join();
    log.close();
  }

  /** Whether a thread of this lane may still use index and writer. */
  boolean isRunning() {
    return thread.isAlive();
  }
}
