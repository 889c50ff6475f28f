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
import java.util.SortedSet;
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

  /** Whatever is in cycles before that of this time has expired. */
  private final long sinceMillis;

  private long records;

  private IdentityRecovery(IdentityKey key, Identities identities, long nowSeconds) {
    this.key = key;
    this.identities = identities;
    this.nowSeconds = nowSeconds;
    long oldestSeconds = identities.rules().oldestSeconds(nowSeconds) - CLOCK_STEP_SECONDS;
    this.sinceMillis = Math.max(0, oldestSeconds) * 1_000;
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
        read(lane, reader, gap, recorder);
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
   * A reader of what comes after a stretch; of what may be within the horizon when there is none before, or
   * when its end is not kept.
   *
   * @throws JournalCorrupt when the journal holds the stretch, but no frame ends where it ends
   */
  private JournalReader readerAfter(ReadableLane lane, @Nullable Stretch after) {
    if (after == null) {
      return lane.readerSince(sinceMillis);
    }
    int cycle = FrameLocation.of(after.location()).cycle();
    int next = cycleBeginningAt(lane, cycle, after.last() + 1);
    JournalReader reader = lane.reader();
    if (next > 0) {
      reader.startAt(next);
      return reader;
    }
    if (lane.files().cycles().contains(cycle)) {
      try {
        reader.continueAfter(after.location(), after.last());
        return reader;
      } catch (JournalCorrupt e) {
        LOG.debug("looking for sequence {} in all cycles", after.last(), e);
      }
    }
    reader.close();
    return search(lane, after.last());
  }

  /**
   * The first cycle after one that is not here, when a sequence begins it; otherwise 0. A start need not
   * wait for an archive only to see where a cycle ends.
   */
  private static int cycleBeginningAt(ReadableLane lane, int after, long sequence) {
    if (after == 0 || lane.files().localCycles().contains(after)) {
      return 0;
    }
    for (int cycle : lane.files().cycles().tailSet(after + 1)) {
      long first = firstSequence(lane, cycle);
      if (first > 0) {
        return first == sequence ? cycle : 0;
      }
    }
    return 0;
  }

  /** Goes back cycle by cycle: what is needed is at the end, and what is archived must be fetched. */
  private JournalReader search(ReadableLane lane, long after) {
    List<Integer> cycles = new ArrayList<>(lane.files().cycles());
    Collections.reverse(cycles);
    boolean endIsKnown = false;
    for (int cycle : cycles) {
      if (endIsKnown && cycle < Cycles.of(sinceMillis)) {
        break;
      }
      long begins = firstSequence(lane, cycle);
      if (begins > 0 && begins <= after + 1) {
        JournalReader reader = lane.reader();
        if (begins <= after) {
          reader.continueAfter(new FrameLocation(cycle, 0).packed(), after);
        } else {
          reader.startAt(cycle);
        }
        return reader;
      }
      endIsKnown |= begins > 0;
    }
    return lane.readerSince(sinceMillis);
  }

  /** The first sequence of a cycle; 0 when it has no frame. */
  private static long firstSequence(ReadableLane lane, int cycle) {
    try (CycleFile file = lane.files().open(cycle)) {
      Frame frame = file.next();
      return frame == null ? 0 : frame.firstSequence();
    }
  }

  private void read(
      ReadableLane lane, JournalReader reader, LaneVolumes.Gap gap, VolumeRecorder recorder) {
    Frame frame = reader.next();
    if (frame != null
        && frame.firstSequence() > gap.first()
        && allHasExpiredBefore(lane, FrameLocation.of(reader.location()).cycle())) {
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

  /** Whether there were cycles before this one, and all of them are older than the horizon. */
  private boolean allHasExpiredBefore(ReadableLane lane, int cycle) {
    SortedSet<Integer> kept = lane.files().cycles().headSet(cycle);
    int before = Math.max(lane.files().newestGone(), kept.isEmpty() ? -1 : kept.last());
    return before >= 0 && before < Cycles.of(sinceMillis);
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
