package dev.weir.metering.ingest;

import dev.weir.metering.dedup.Identities;
import dev.weir.metering.dedup.IdentityHash;
import dev.weir.metering.dedup.IdentityKey;
import dev.weir.metering.dedup.LaneVolumes;
import dev.weir.metering.dedup.Stretch;
import dev.weir.metering.dedup.VolumeRecorder;
import dev.weir.metering.event.EventTime;
import dev.weir.metering.journal.CycleFile;
import dev.weir.metering.journal.Frame;
import dev.weir.metering.journal.FrameLocation;
import dev.weir.metering.journal.Journal;
import dev.weir.metering.journal.JournalCorrupt;
import dev.weir.metering.journal.JournalLane;
import dev.weir.metering.journal.JournalReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads in the journal what the sealed segments of identities do not cover. */
final class IdentityRecovery {

  private static final Logger LOG = LoggerFactory.getLogger(IdentityRecovery.class);

  private final Journal journal;
  private final Identities identities;
  private final long nowSeconds;
  private final IdentityHash hash = new IdentityHash();
  private final Map<UUID, IdentityKey> keys = new HashMap<>();
  private long records;

  private IdentityRecovery(Journal journal, Identities identities, long nowSeconds) {
    this.journal = journal;
    this.identities = identities;
    this.nowSeconds = nowSeconds;
  }

  /**
   * Completes the identities of all lanes.
   *
   * @return where each lane stands: its last sequence, 0 for an empty one
   */
  static Map<Integer, Long> recover(Journal journal, Identities identities, long nowSeconds)
      throws IOException {
    Map<Integer, Long> lastSequences = new TreeMap<>();
    for (JournalLane lane : journal.lanes()) {
      lastSequences.put(
          lane.number(), new IdentityRecovery(journal, identities, nowSeconds).recover(lane));
    }
    return lastSequences;
  }

  private long recover(JournalLane lane) throws IOException {
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
  private static void settleEnd(JournalLane lane, LaneVolumes volumes) {
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
   * A reader of what comes after a stretch; at the first frame that is kept when the stretch is not.
   *
   * @throws JournalCorrupt when the journal holds the stretch, but no frame ends where it ends
   */
  private static JournalReader readerAfter(JournalLane lane, @Nullable Stretch after) {
    JournalReader reader = lane.localReader();
    if (after == null) {
      return reader;
    }
    try {
      reader.continueAfter(after.location(), after.last());
      return reader;
    } catch (JournalCorrupt e) {
      reader.close();
      LOG.debug("looking for sequence {} in all cycles", after.last(), e);
      return search(lane, after.last());
    }
  }

  private static JournalReader search(JournalLane lane, long lastSequence) {
    List<Integer> cycles = new ArrayList<>(lane.files().localCycles());
    Collections.reverse(cycles);
    JournalReader reader = lane.localReader();
    for (int cycle : cycles) {
      long first = firstSequence(lane, cycle);
      if (first > 0 && first <= lastSequence) {
        reader.continueAfter(new FrameLocation(cycle, 0).packed(), lastSequence);
        return reader;
      }
    }
    return reader;
  }

  /** The first sequence of a cycle; 0 when it has no frame. */
  private static long firstSequence(JournalLane lane, int cycle) {
    try (CycleFile file = lane.files().open(cycle)) {
      Frame frame = file.next();
      return frame == null ? 0 : frame.firstSequence();
    }
  }

  private void read(JournalReader reader, LaneVolumes.Gap gap, VolumeRecorder recorder) {
    Frame frame = reader.next();
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
    IdentityKey key =
        keys.computeIfAbsent(event.tenantId(), tenant -> journal.identityKey().forTenant(tenant));
    hash.hash(key.key0(), key.key1(), event.bytes(), event.identityFrom(), event.identityLength());
    recorder.put(
        hash.high(),
        hash.low(),
        event.payloadHash(),
        event.receivedNanos() / EventTime.NANOS_PER_SECOND);
  }
}
