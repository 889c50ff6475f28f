package dev.weir.metering.ingest;

import dev.weir.metering.dedup.IdentityIndex;
import dev.weir.metering.event.EventBatch;
import dev.weir.metering.event.EventTime;
import dev.weir.metering.event.Verdict;
import dev.weir.metering.journal.EventLog;
import dev.weir.metering.journal.FrameWriter;
import java.io.IOException;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * What a lane does with the requests that have gathered, without thread, queue or clock: gives every
 * event its verdict, writes what must be kept into one frame, and has it made durable. Confined to one
 * thread at a time.
 */
public final class LaneSteps {

  /** Events of which the index fetches ahead what it will need: what of it fits the caches. */
  private static final int FORESEEN = 512;

  private final int lane;
  private final int lanes;
  private final IdentityIndex index;
  private final EventLog log;
  private final FrameWriter frame = new FrameWriter();
  private long lastSequence;

  /** The requests of the last call that were refused, and why. */
  private final IdentityHashMap<EventBatch, IdentityIndex.Answer> refused = new IdentityHashMap<>();

  /**
   * @param lanes how many there are; an event belongs to {@link #laneOf} its identity
   * @param index knows the identities of everything up to the last sequence
   * @param lastSequence the last on stable storage
   */
  public LaneSteps(int lane, int lanes, IdentityIndex index, EventLog log, long lastSequence) {
    this.lane = lane;
    this.lanes = lanes;
    this.index = index;
    this.log = log;
    this.lastSequence = lastSequence;
  }

  /** The lane that an identity belongs to. */
  public static int laneOf(long identityHigh, int lanes) {
    return lanes == 1 ? 0 : (int) ((identityHigh & 0xffff_ffffL) % lanes);
  }

  /** The last sequence on stable storage. */
  public long lastSequence() {
    return lastSequence;
  }

  /**
   * Judges this lane's events of some requests and returns when what was accepted is on stable storage.
   *
   * @return the requests of which the index could not take an event: to be refused. Nothing new of them
   *     was taken, unless a file could not be read; valid until the next call
   * @throws IOException when the log failed: nothing may be answered then but that it is unknown
   */
  public Set<EventBatch> take(List<EventBatch> requests) throws IOException {
    refused.clear();
    frame.begin(lane, lastSequence + 1);
    index.beginFrame(nowSeconds(requests));
    requests.forEach(this::judge);
    if (frame.records() > 0) {
      frame.end();
      long location = log.append(frame.array(), frame.length());
      lastSequence += frame.records();
      index.frameWritten(lastSequence, location);
    }
    return refused.keySet();
  }

  /**
   * Whether it is better to wait a little: new events would be refused now, as the index comes before what
   * it has on disk.
   */
  boolean awaitsSeals() {
    return index.awaitsSeals();
  }

  /** Why a request is among the refused of the last call. */
  IdentityIndex.Answer reason(EventBatch request) {
    return refused.getOrDefault(request, IdentityIndex.Answer.FULL);
  }

  private static long nowSeconds(List<EventBatch> requests) {
    return requests.stream()
        .mapToLong(request -> request.receivedNanos() / EventTime.NANOS_PER_SECOND)
        .max()
        .orElse(0);
  }

  private void judge(EventBatch events) {
    frame.beginGroup(events.tenantId(), events.receivedNanos());
    long nowSeconds = events.receivedNanos() / EventTime.NANOS_PER_SECOND;
    index.beginRequest(events.isCorrection() ? 0 : mine(events), nowSeconds);
    for (int from = 0; from < events.count(); from += FORESEEN) {
      int to = Math.min(events.count(), from + FORESEEN);
      // Cache misses of many events overlap; those of one after another do not.
      for (int i = from; i < to; i++) {
        if (isMine(events, i)) {
          index.touch(events.identityHigh(i), events.identityLow(i));
        }
      }
      for (int i = from; i < to; i++) {
        if (isMine(events, i) && events.isCorrection()) {
          frame.add(events, i, false);
        } else if (isMine(events, i)) {
          judge(events, i, nowSeconds);
        }
      }
    }
    frame.endGroup();
  }

  private int mine(EventBatch events) {
    int count = 0;
    for (int i = 0; i < events.count(); i++) {
      count += isMine(events, i) ? 1 : 0;
    }
    return count;
  }

  private boolean isMine(EventBatch events, int i) {
    return laneOf(events.identityHigh(i), lanes) == lane && events.verdict(i) == Verdict.ACCEPTED;
  }

  private void judge(EventBatch events, int i, long nowSeconds) {
    IdentityIndex.Answer answer = index.check(
        events.identityHigh(i), events.identityLow(i), events.payloadHash(i), nowSeconds);
    switch (answer) {
      case NEW -> frame.add(events, i, false);
      case DUPLICATE -> events.setVerdict(i, Verdict.DUPLICATE);
      case CONFLICT -> {
        events.setVerdict(i, Verdict.CONFLICT);
        frame.add(events, i, true);
      }
      case FULL, UNSEALED, UNREADABLE -> refused.put(events, answer);
    }
  }
}
