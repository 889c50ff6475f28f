package dev.weir.metering.dedup;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongToIntFunction;

/**
 * All identities: an index for each lane that is written, the volumes of each lane of the journal, and
 * the thread that seals them. Identities are in the index of the lane that their hash says now; when the
 * number of lanes has changed, volumes from before are used by several indexes.
 *
 * <p>Recovery: {@link #open}, then for each lane of the journal read what its volumes miss, then {@link
 * #start}. The figures are thread-safe.
 */
public final class Identities implements AutoCloseable {

  private static final byte[] FINGERPRINTED =
      "weir identity key".getBytes(StandardCharsets.US_ASCII);

  private final Setup setup;
  private final long fingerprint;
  private final List<IdentityIndex> indexes = new ArrayList<>();
  private final SortedMap<Integer, LaneVolumes> volumes = new TreeMap<>();
  private final VolumeSealer sealer = new VolumeSealer();

  /**
   * How identities are kept.
   *
   * @param lanes how many are written
   * @param rules for each of them
   * @param laneOf the lane that an identity belongs to, by its high word
   * @param key that identities are hashed with; segments made with another are of no use
   */
  public record Setup(
      int lanes,
      IdentityRules rules,
      LongToIntFunction laneOf,
      IdentityKey key,
      SegmentDisk disk) {}

  private Identities(Setup setup) {
    this.setup = setup;
    IdentityHash hash = new IdentityHash();
    hash.hash(setup.key().key0(), setup.key().key1(), FINGERPRINTED, 0, FINGERPRINTED.length);
    this.fingerprint = hash.high();
  }

  /**
   * Loads the sealed segments. Blocks: about a second for ten million identities.
   *
   * @param directories of the segments of each lane of the journal, which may be more than are written;
   *     made when missing
   */
  public static Identities open(Setup setup, SortedMap<Integer, Path> directories, long nowSeconds)
      throws IOException {
    Identities identities = new Identities(setup);
    long count = 0;
    for (var lane : directories.entrySet()) {
      LaneVolumes volumes = new LaneVolumes(lane.getKey(), lane.getValue(), identities);
      identities.volumes.put(lane.getKey(), volumes);
      count += volumes.scan(nowSeconds);
    }
    for (int i = 0; i < setup.lanes(); i++) {
      IdentityIndex index =
          new IdentityIndex(setup.rules(), identities.volumes(i).segments());
      index.expect(count / setup.lanes());
      identities.indexes.add(index);
    }
    identities.volumes.values().forEach(LaneVolumes::load);
    return identities;
  }

  /** Starts to seal in the background; recovery has ended. */
  public void start() {
    indexes.forEach(IdentityIndex::measure);
    sealer.start();
  }

  /** The volumes of a lane of the journal. */
  public LaneVolumes volumes(int lane) {
    LaneVolumes found = volumes.get(lane);
    if (found == null) {
      throw new IllegalArgumentException("no directory for lane " + lane);
    }
    return found;
  }

  /** The index of a lane that is written. */
  public IdentityIndex index(int lane) {
    return indexes.get(lane);
  }

  IdentityIndex indexOf(long high) {
    return indexes.get(setup.laneOf().applyAsInt(high));
  }

  /** Adds what is in memory of a volume to the indexes that it belongs to. */
  void addAll(Volume volume) {
    MemoryVolume memory = volume.memory();
    for (int i = 0; i < memory.count(); i++) {
      indexOf(memory.high(i)).add(volume, memory.high(i));
    }
  }

  /** Whether all that is in memory of a volume belongs to one lane. */
  boolean belongsTo(Volume volume, int lane) {
    MemoryVolume memory = volume.memory();
    for (int i = 0; i < memory.count(); i++) {
      if (setup.laneOf().applyAsInt(memory.high(i)) != lane) {
        return false;
      }
    }
    return true;
  }

  void abandon(Volume volume) {
    indexes.forEach(index -> index.abandon(volume));
  }

  int lanes() {
    return setup.lanes();
  }

  /** The bounds of each lane's index. */
  public IdentityRules rules() {
    return setup.rules();
  }

  SegmentDisk disk() {
    return setup.disk();
  }

  long fingerprint() {
    return fingerprint;
  }

  VolumeSealer sealer() {
    return sealer;
  }

  /** Identities held by all lanes. */
  public long size() {
    return indexes.stream().mapToLong(IdentityIndex::size).sum();
  }

  /** Bytes of memory, as of each lane's last frame. */
  public long memoryBytes() {
    return indexes.stream().mapToLong(IdentityIndex::bytes).sum()
        + volumes.values().stream()
            .mapToLong(lane -> lane.segments().memoryBytes())
            .sum();
  }

  /** Bytes of segment files. */
  public long diskBytes() {
    return volumes.values().stream()
        .mapToLong(lane -> lane.segments().diskBytes())
        .sum();
  }

  /** Segment files. */
  public int segments() {
    return volumes.values().stream().mapToInt(lane -> lane.segments().count()).sum();
  }

  /** Volumes that are frozen and wait to be sealed. */
  public int unsealed() {
    return volumes.values().stream()
        .mapToInt(lane -> lane.segments().unsealed())
        .sum();
  }

  /** Why segments cannot be written at present, if they cannot. */
  public Optional<Throwable> failure() {
    return Optional.ofNullable(sealer.failure());
  }

  /** Ends sealing and frees everything; the lanes must have ended. Blocks while a segment is written. */
  @Override
  public void close() throws InterruptedException {
    sealer.close();
    abandon();
  }

  /** Frees everything when recovery has failed. */
  public void abandon() {
    // First, as what the others let go would else be kept.
    volumes.values().forEach(lane -> lane.segments().spareMemory().close());
    sealer.abandon();
    indexes.forEach(IdentityIndex::close);
    volumes.values().forEach(lane -> lane.segments().close());
  }
}
