package dev.weir.metering.ingest;

import dev.weir.metering.dedup.Identities;
import dev.weir.metering.dedup.IdentityHash;
import dev.weir.metering.dedup.IdentityKey;
import dev.weir.metering.dedup.LaneVolumes;
import dev.weir.metering.dedup.Stretch;
import dev.weir.metering.dedup.VolumeRecorder;
import dev.weir.metering.event.EventTime;
import dev.weir.metering.journal.CycleFile;
import dev.weir.metering.journal.Cycles;
import dev.weir.metering.journal.Frame;
import dev.weir.metering.journal.FrameLocation;
import dev.weir.metering.journal.JournalCorrupt;
import dev.weir.metering.journal.JournalReader;
import dev.weir.metering.journal.ReadableLane;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads in the journal what the sealed segments of identities do not cover. */
final class IdentityRecovery {

  private static final Logger LOG = LoggerFactory.getLogger(IdentityRecovery.class);

  /** By how much a clock may have been set back between an event's receipt and its writing. */
  private static final long CLOCK_STEP_SECONDS = 86_400;

  private final IdentityKey key;
  private final Identities identities;
  private final long nowSeconds;
  private final IdentityHash hash = new IdentityHash();
  private final Map<UUID, IdentityKey> keys = new HashMap<>();

  /** Whatever was received before this cycle has expired. */
  private final int oldestCycle;

  /** Whether the last search has left out cycles before that. */
  private boolean olderHasExpired;

  private long records;

  private IdentityRecovery(IdentityKey key, Identities identities, long nowSeconds) {
    this.key = key;
    this.identities = identities;
    this.nowSeconds = nowSeconds;
    long oldestSeconds = identities.rules().oldestSeconds(nowSeconds) - CLOCK_STEP_SECONDS;
    this.oldestCycle = Cycles.of(Math.max(0, oldestSeconds) * 1_000);
  }

  /**
   * Completes the identities of all lanes.
   *
   * @return where each lane stands: its last sequence, 0 for an empty one
   */
  static Map<Integer, Long> recover(
      Iterable<? extends ReadableLane> lanes,
      IdentityKey key,
      Identities identities,
      long nowSeconds)
      throws IOException {
    Map<Integer, Long> lastSequences = new TreeMap<>();
    for (ReadableLane lane : lanes) {
      lastSequences.put(
          lane.number(), new IdentityRecovery(key, identities, nowSeconds).recover(lane));
    }
    return lastSequences;
  }

  private long recover(ReadableLane lane) throws IOException {
    long startNanos = System.nanoTime();
    LaneVolumes volumes = identities.volumes(lane.number());
    settleEnd(lane, volumes);
    long last = 0;
    for (LaneVolumes.Gap gap : volumes.gaps()) {
      VolumeRecorder recorder = volumes.recorder(gap, nowSeconds);
      try (JournalReader reader = readerAfter(lane, gap.after())) {
        read(reader, gap, recorder);
      }
      recorder.end();
      last = recorder.lastSequence();
    }
    volumes.recovered();
    LOG.info(
        "lane {}: ends at sequence {}; read {} records back in {} ms",
        lane.number(),
        last,
        records,
        (System.nanoTime() - startNanos) / 1_000_000);
    return last;
  }

  /** Distrusts segments until the journal goes on where they end. */
  private void settleEnd(ReadableLane lane, LaneVolumes volumes) {
    for (Stretch end = volumes.end(); end != null; end = volumes.end()) {
      try (JournalReader reader = readerAfter(lane, end)) {
        return;
      } catch (JournalCorrupt e) {
        LOG.warn(
            "lane {}: the segments of identities do not fit: {}", lane.number(), e.getMessage());
        volumes.distrustEnd();
      }
    }
  }

  /**
   * A reader of what comes after a stretch; of what is kept and may be within the horizon when there is
   * none before, or when its end is not kept.
   *
   * @throws JournalCorrupt when the journal holds the stretch, but no frame ends where it ends
   */
  private JournalReader readerAfter(ReadableLane lane, @Nullable Stretch after) {
    JournalReader reader = lane.reader();
    if (after != null && isHere(lane, after)) {
      try {
        reader.continueAfter(after.location(), after.last());
        return reader;
      } catch (JournalCorrupt e) {
        LOG.debug("looking for sequence {} in all cycles", after.last(), e);
      }
    }
    search(lane, reader, after == null ? 0 : after.last());
    return reader;
  }

  private static boolean isHere(ReadableLane lane, Stretch after) {
    return lane.files()
        .localCycles()
        .contains(FrameLocation.of(after.location()).cycle());
  }

  /** Goes back cycle by cycle: what is needed is at the end, and what is archived must be fetched. */
  private void search(ReadableLane lane, JournalReader reader, long after) {
    olderHasExpired = false;
    List<Integer> cycles = new ArrayList<>(lane.files().cycles());
    Collections.reverse(cycles);
    int begin = Integer.MAX_VALUE;
    boolean lastIsKnown = false;
    for (int cycle : cycles) {
      // Also when all has expired, the last frame tells where the lane ends.
      if (after == 0 && lastIsKnown && cycle < oldestCycle) {
        olderHasExpired = true;
        break;
      }
      Optional<CycleFile> file = open(lane, cycle);
      if (file.isEmpty()) {
        break;
      }
      long first = firstSequence(file.get());
      if (first > 0 && first <= after) {
        reader.continueAfter(new FrameLocation(cycle, 0).packed(), after);
        return;
      }
      begin = cycle;
      lastIsKnown |= first > 0;
      if (first == after + 1) {
        break;
      }
    }
    if (begin < Integer.MAX_VALUE) {
      reader.startAt(begin);
    }
  }

  /** A cycle's file, wherever it is; empty when it is gone, and with it all that was before. */
  private static Optional<CycleFile> open(ReadableLane lane, int cycle) {
    try {
      return Optional.of(lane.files().open(cycle));
    } catch (JournalCorrupt e) {
      LOG.debug("cycle {} is gone", cycle, e);
      return Optional.empty();
    }
  }

  /** The first sequence of a cycle; 0 when it has no frame. */
  private static long firstSequence(CycleFile cycle) {
    try (cycle) {
      Frame frame = cycle.next();
      return frame == null ? 0 : frame.firstSequence();
    }
  }

  private void read(JournalReader reader, LaneVolumes.Gap gap, VolumeRecorder recorder) {
    Frame frame = reader.next();
    if (frame != null && gap.after() == null && olderHasExpired) {
      recorder.skip(frame.firstSequence(), identities.rules().oldestSeconds(nowSeconds) - 1);
    }
    while (frame != null && frame.firstSequence() <= gap.last()) {
      recorder.beginFrame(frame.firstSequence());
      frame.forEach(event -> remember(event, recorder));
      recorder.endFrame(frame.lastSequence(), reader.location());
      records += frame.records();
      frame = frame.lastSequence() < gap.last() ? reader.next() : null;
    }
  }

  private void remember(Frame.RecordView event, VolumeRecorder recorder) {
    if (event.isConflict() || event.isVoid() || event.isReplacement()) {
      return;
    }
    IdentityKey own = keys.computeIfAbsent(event.tenantId(), key::forTenant);
    hash.hash(own.key0(), own.key1(), event.bytes(), event.identityFrom(), event.identityLength());
    recorder.put(
        hash.high(),
        hash.low(),
        event.payloadHash(),
        event.receivedNanos() / EventTime.NANOS_PER_SECOND);
  }
}
