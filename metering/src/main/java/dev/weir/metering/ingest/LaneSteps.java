package dev.weir.metering.ingest;

import dev.weir.metering.dedup.IdentityIndex;
import dev.weir.metering.event.EventBatch;
import dev.weir.metering.event.EventTime;
import dev.weir.metering.event.Verdict;
import dev.weir.metering.journal.EventLog;
import dev.weir.metering.journal.FrameWriter;
import java.io.IOException;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * What a lane does with the requests that have gathered, without thread, queue or clock: gives every
 * event its verdict, writes what must be kept into one frame, and has it made durable. Confined to one
 * thread at a time.
 */
public final class LaneSteps {

  private final int lane;
  private final int lanes;
  private final IdentityIndex index;
  private final EventLog log;
  private final FrameWriter frame = new FrameWriter();
  private long lastSequence;

  /** Whether the index refused an event of the request being judged. */
  private boolean full;

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
   * @return the requests of which the index had no room for an event: to be refused, all the same what
   *     was taken of them is kept
   * @throws IOException when the log failed: nothing may be answered then but that it is unknown
   */
  public Set<EventBatch> take(List<EventBatch> requests) throws IOException {
    frame.begin(lane, lastSequence + 1);
    Set<EventBatch> refused = Collections.newSetFromMap(new IdentityHashMap<>());
    for (EventBatch request : requests) {
      if (judge(request)) {
        refused.add(request);
      }
    }
    if (frame.records() > 0) {
      frame.end();
      log.append(frame.array(), frame.length());
      lastSequence += frame.records();
    }
    return refused;
  }

  private boolean judge(EventBatch events) {
    full = false;
    frame.beginGroup(events.tenantId(), events.receivedNanos());
    long nowSeconds = events.receivedNanos() / EventTime.NANOS_PER_SECOND;
    for (int i = 0; i < events.count(); i++) {
      boolean mine =
          laneOf(events.identityHigh(i), lanes) == lane && events.verdict(i) == Verdict.ACCEPTED;
      if (mine && events.isCorrection()) {
        frame.add(events, i, false);
      } else if (mine) {
        judge(events, i, nowSeconds);
      }
    }
    frame.endGroup();
    return full;
  }

  private void judge(EventBatch events, int i, long nowSeconds) {
    switch (index.check(
        events.identityHigh(i), events.identityLow(i), events.payloadHash(i), nowSeconds)) {
      case NEW -> frame.add(events, i, false);
      case DUPLICATE -> events.setVerdict(i, Verdict.DUPLICATE);
      case CONFLICT -> {
        events.setVerdict(i, Verdict.CONFLICT);
        frame.add(events, i, true);
      }
      case FULL -> full = true;
    }
  }
}
