package dev.weir.metering.dedup;

import dev.weir.metering.Invariant;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Makes volumes of what is read in the journal at the start. Confined to the starting thread.
 *
 * <p>Every identity is taken, even of old events, and a volume that has expired is dropped as a whole:
 * so it is the same as if it had been sealed in its time.
 */
public final class VolumeRecorder {

  private final LaneVolumes lane;
  private final Identities identities;
  private final LaneVolumes.Gap gap;
  private final long nowSeconds;
  private Volume volume;

  /** The last sequence that earlier volumes cover. */
  private long coveredTo;

  private long lastSequence;
  private long lastLocation;
  private boolean frameBegins;

  VolumeRecorder(LaneVolumes lane, Identities identities, LaneVolumes.Gap gap, long nowSeconds) {
    this.lane = lane;
    this.identities = identities;
    this.gap = gap;
    this.nowSeconds = nowSeconds;
    this.volume = new Volume(lane.segments(), 0);
    Stretch after = gap.after();
    this.coveredTo = after == null ? 0 : after.last();
    this.lastSequence = coveredTo;
    this.lastLocation = after == null ? 0 : after.location();
  }

  /**
   * Leaves out what has expired.
   *
   * @param firstSequence where it goes on
   * @param newestSeconds a receive second that has expired, and that nothing left out is newer than
   */
  public void skip(long firstSequence, long newestSeconds) {
    if (firstSequence > lastSequence + 1) {
      lane.noteExpired(new Stretch(lastSequence + 1, firstSequence - 1, 0), newestSeconds);
      lastSequence = firstSequence - 1;
      coveredTo = lastSequence;
    }
  }

  /**
   * Begins a frame.
   *
   * @throws IdentitiesLost when the journal lacks what comes before it and cannot do without
   */
  public void beginFrame(long firstSequence) {
    if (firstSequence > lastSequence + 1) {
      Invariant.check(lastSequence == coveredTo, "only the first frame may leave something out");
      lane.missing(lastSequence + 1, Math.min(firstSequence - 1, gap.last()));
      lastSequence = firstSequence - 1;
      coveredTo = lastSequence;
    }
    frameBegins = true;
  }

  /** Remembers the identity of a first occurrence. */
  public void put(long high, long low, long payloadHash, long receivedSeconds) {
    if (frameBegins) {
      frameBegins = false;
      IdentityRules rules = identities.rules();
      int count = volume.memory().count();
      if (count >= rules.volumeIdentities()
          || (count > 0 && receivedSeconds - volume.oldestSeconds() >= rules.volumeSeconds())) {
        freeze();
      }
    }
    volume.memory().put(high, low, payloadHash);
    volume.received(receivedSeconds);
  }

  /** Ends a frame. */
  public void endFrame(long sequence, long location) {
    lastSequence = sequence;
    lastLocation = location;
  }

  /** The last sequence that was read. */
  public long lastSequence() {
    return lastSequence;
  }

  /** Nothing more will come: for the rest of the journal, the lane goes on with what was begun. */
  public void end() {
    boolean rest = gap.last() == Long.MAX_VALUE;
    if (!rest && lastSequence < gap.last()) {
      lane.missing(lastSequence + 1, gap.last());
    }
    if (volume.memory().count() == 0) {
      if (!rest && lastSequence > coveredTo) {
        lane.noteExpired(
            new Stretch(coveredTo + 1, lastSequence, lastLocation), ExpiredStretches.NOTHING);
      }
      volume.memory().close();
    } else if (rest && identities.belongsTo(volume, lane.lane())) {
      identities.addAll(volume);
      identities.index(lane.lane()).growOn();
    } else {
      freeze();
      volume.memory().close();
    }
    if (rest && lane.lane() < identities.lanes()) {
      identities.index(lane.lane()).resume(coveredTo, lastSequence, lastLocation);
    }
  }

  private void freeze() {
    Volume full = volume;
    Stretch stretch = new Stretch(coveredTo + 1, lastSequence, lastLocation);
    full.freeze(stretch);
    volume = new Volume(lane.segments(), full.memory().count());
    coveredTo = lastSequence;
    if (identities.rules().isExpired(full.newestSeconds(), nowSeconds)) {
      lane.noteExpired(stretch, full.newestSeconds());
      full.memory().close();
      return;
    }
    identities.addAll(full);
    lane.segments().seal(full);
    try {
      while (lane.segments().unsealed() > identities.rules().unsealedMax()) {
        identities.sealer().step();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("segments of identities cannot be written", e);
    }
  }
}
