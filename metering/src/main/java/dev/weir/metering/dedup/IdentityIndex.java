package dev.weir.metering.dedup;

import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The identities of one lane: a table that says in which volume an identity may be, and the volumes,
 * which know it exactly. New identities go to the growing volume. At the start of a frame a full or old
 * one is frozen and given away to be sealed, and volumes that have expired are forgotten as a whole.
 *
 * <p>Confined to the lane's thread, but for the figures. A check of a new identity costs about one cache
 * miss; of a known one, a look into its volume: memory, or one page of a file.
 */
public final class IdentityIndex implements AutoCloseable {

  /** What the index says of an identity. */
  public enum Answer {
    /** Not seen within the horizon; now remembered. */
    NEW,
    /** Seen with the same payload. */
    DUPLICATE,
    /** Seen with another payload; the first stays. */
    CONFLICT,
    /** New, but there is no room for the request: it must be refused. */
    FULL,
    /** New, but too many volumes wait to be written to disk: the request must be refused for now. */
    UNSEALED,
    /** The file that may hold it cannot be read: the request must be refused. */
    UNREADABLE
  }

  private static final Logger LOG = LoggerFactory.getLogger(IdentityIndex.class);

  /** After so many records a stretch ends even when few identities were new. */
  private static final int RECORDS_PER_IDENTITY_MAX = 4;

  /** Parts of the table that a frame sweeps of what was forgotten. */
  private static final int SWEPT_PARTS = 1;

  private final IdentityRules rules;
  private final @Nullable LaneSegments lane;
  private final SealedSegment.Scratch scratch = new SealedSegment.Scratch();
  private final @Nullable Volume[] volumes = new Volume[IdentityTable.VOLUMES_MAX + 1];
  private final int[] counts = new int[IdentityTable.VOLUMES_MAX + 1];

  /** The numbers of all volumes but the growing one. */
  private final List<Integer> frozen = new ArrayList<>();

  /** Those of them that were in memory when last looked at. */
  private final List<Integer> inMemory = new ArrayList<>();

  private final AtomicLong size = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();
  private IdentityTable table;
  private @Nullable Volume growing;
  private int growingNumber;

  /** As many as the last one had: growing by doubling takes the lane's time. */
  private int expectedInVolume;

  private long coveredTo;
  private long lastSequence;
  private long lastLocation;
  private long expiredSeconds = -1;

  /** The volume that {@link #add} was called for last, and its number. */
  private @Nullable Volume adding;

  private int addingNumber;

  /** Whether the growing volume was full when the frame began and could not be frozen. */
  private boolean held;

  /** What new identities of the request are answered; null when they are remembered. */
  private @Nullable Answer refusing;

  /** Whether a file could not be read in the last look-up, and whether that was ever reported. */
  private boolean unreadable;

  private boolean reported;

  /**
   * An index that keeps everything in memory and seals nothing.
   *
   * @param identitiesMax how many identities may be held; beyond that new ones are refused
   * @param horizonSeconds how long an identity is remembered after it was received
   */
  public IdentityIndex(long identitiesMax, long horizonSeconds) {
    this(IdentityRules.of(identitiesMax, horizonSeconds), null);
  }

  IdentityIndex(IdentityRules rules, @Nullable LaneSegments lane) {
    this.rules = rules;
    this.lane = lane;
    this.table = new IdentityTable(0);
  }

  /** Makes room for identities that come soon, before there are any. */
  void expect(long identities) {
    table.close();
    table = new IdentityTable(identities);
  }

  /** Adds an identity of a volume that was made before, without looking whether it is known. */
  void add(Volume volume, long high) {
    if (volume != adding) {
      adding = volume;
      addingNumber = begin(volume);
      frozen.add(addingNumber);
      if (volume.segment() == null) {
        inMemory.add(addingNumber);
      }
    }
    table.add(high, addingNumber);
    counts[addingNumber]++;
    size.lazySet(size.getPlain() + 1);
  }

  /** Begins where recovery has left off. */
  void resume(long covered, long sequence, long location) {
    coveredTo = covered;
    lastSequence = sequence;
    lastLocation = location;
  }

  /** Makes the volume that was added last grow on. */
  void growOn() {
    growing = adding;
    growingNumber = addingNumber;
    frozen.remove(Integer.valueOf(addingNumber));
    inMemory.remove(Integer.valueOf(addingNumber));
  }

  private int begin(Volume volume) {
    int number = freeNumber();
    if (number == 0) {
      throw new IllegalStateException(
          "there are more than %d volumes of identities: raise the bound of identities"
              .formatted(IdentityTable.VOLUMES_MAX));
    }
    volumes[number] = volume;
    counts[number] = 0;
    volume.use();
    return number;
  }

  private int freeNumber() {
    int number = table.take();
    if (number == 0) {
      // Numbers of forgotten volumes come back when the whole table was swept after that.
      table.sweep(2 * IdentityTable.PARTS);
      number = table.take();
    }
    return number;
  }

  /** Looks an identity up and remembers it if it is new. */
  public Answer check(long high, long low, long payloadHash, long nowSeconds) {
    Match match = find(high, low, payloadHash);
    if (match == Match.SAME) {
      return Answer.DUPLICATE;
    }
    if (unreadable) {
      return Answer.UNREADABLE;
    }
    if (match == Match.OTHER) {
      return Answer.CONFLICT;
    }
    if (refusing != null) {
      return refusing;
    }
    Volume volume = growing == null ? begin() : growing;
    if (volume == null) {
      return Answer.FULL;
    }
    table.insert(growingNumber);
    volume.memory().add(high, low, payloadHash);
    volume.received(nowSeconds);
    counts[growingNumber]++;
    size.lazySet(size.getPlain() + 1);
    return Answer.NEW;
  }

  /** Begins a volume to grow; null when there is no number for it. */
  private @Nullable Volume begin() {
    // Must not change the table's last look-up, which the caller goes on with.
    int number = table.take();
    if (number == 0) {
      return null;
    }
    Volume volume = new Volume(lane, expectedInVolume);
    volumes[number] = volume;
    counts[number] = 0;
    volume.use();
    growing = volume;
    growingNumber = number;
    return volume;
  }

  private Match find(long high, long low, long payloadHash) {
    Match found = Match.ABSENT;
    unreadable = false;
    for (int number = table.first(high); number != 0; number = table.next()) {
      Match match = match(number, high, low, payloadHash);
      if (match == Match.SAME) {
        return match;
      }
      found = match == Match.OTHER ? match : found;
    }
    return found;
  }

  private Match match(int number, long high, long low, long payloadHash) {
    Volume volume = volumes[number];
    try {
      return volume == null ? Match.ABSENT : volume.match(high, low, payloadHash, scratch);
    } catch (UncheckedIOException e) {
      unreadable = true;
      if (!reported) {
        LOG.error("a segment of identities cannot be read; a restart makes it anew", e);
        reported = true;
      }
      return Match.ABSENT;
    }
  }

  /** Fetches what a check of the identity will need, while the processor does something else. */
  public void touch(long high, long low) {
    table.touch(high);
    Volume volume = growing;
    if (volume != null) {
      volume.memory().touch(low);
    }
  }

  /**
   * Must be called at the beginning of each frame: lets go what is sealed or has expired, and freezes
   * the growing volume when it is due.
   */
  public void beginFrame(long nowSeconds) {
    releaseSealed();
    if (isDue(nowSeconds) && mayFreeze()) {
      freeze();
    }
    held = isFull();
    prepareNext();
    forgetExpired(nowSeconds);
    table.sweep(SWEPT_PARTS);
  }

  /** Has memory for the next volume made ready when half of this one is used. */
  private void prepareNext() {
    int likely = expectedInVolume > 0 ? expectedInVolume : rules.volumeIdentities();
    if (lane != null && growing != null && growing.memory().count() >= likely / 2) {
      lane.spareMemory().prepare(likely);
    }
  }

  /** Must be called after each frame that is on stable storage. */
  public void frameWritten(long sequence, long location) {
    lastSequence = sequence;
    lastLocation = location;
    measure();
  }

  /**
   * Must be called before the checks of each request: decides whether its new identities are remembered,
   * all of them or none, so that a request that is refused has left nothing new behind.
   *
   * @param identities how many of the request may belong here; there must be room for as many, even if
   *     some of them turn out to be known
   */
  public void beginRequest(int identities, long nowSeconds) {
    if (size.getPlain() + identities > rules.identitiesMax()) {
      forgetExpired(nowSeconds);
    }
    boolean full = size.getPlain() + identities > rules.identitiesMax();
    refusing = full ? Answer.FULL : held ? Answer.UNSEALED : null;
  }

  /**
   * Whether new identities would be refused in a frame that began now, though nothing but time is missing:
   * volumes are being sealed, and none of them has failed to be.
   */
  public boolean awaitsSeals() {
    return lane != null && isFull() && !mayFreeze() && !lane.failsToSeal();
  }

  private boolean isFull() {
    return growing != null && growing.memory().count() >= rules.volumeIdentities();
  }

  private void releaseSealed() {
    inMemory.removeIf(number -> {
      Volume volume = volumes[number];
      if (volume == null || volume.segment() == null) {
        return false;
      }
      volume.releaseMemory();
      return true;
    });
  }

  private boolean isDue(long nowSeconds) {
    Volume volume = growing;
    if (lastSequence - coveredTo >= (long) rules.volumeIdentities() * RECORDS_PER_IDENTITY_MAX) {
      return true;
    }
    return volume != null
        && lastSequence > coveredTo
        && (isFull() || nowSeconds - volume.oldestSeconds() >= rules.volumeSeconds());
  }

  private boolean mayFreeze() {
    return lane == null || lane.unsealed() < rules.unsealedMax();
  }

  private void freeze() {
    Stretch stretch = new Stretch(coveredTo + 1, lastSequence, lastLocation);
    coveredTo = lastSequence;
    Volume volume = growing;
    if (volume == null) {
      if (lane != null) {
        lane.skip(stretch);
      }
      return;
    }
    growing = null;
    expectedInVolume = volume.memory().count();
    expiredSeconds = -1;
    volume.freeze(stretch);
    frozen.add(growingNumber);
    inMemory.add(growingNumber);
    if (lane != null) {
      lane.seal(volume);
    }
  }

  /** Forgets the volumes that have expired; gives whether there were any. */
  private boolean forgetExpired(long nowSeconds) {
    if (nowSeconds == expiredSeconds) {
      return false;
    }
    expiredSeconds = nowSeconds;
    return frozen.removeIf(number -> {
      Volume volume = volumes[number];
      boolean expired = volume != null && rules.isExpired(volume.newestSeconds(), nowSeconds);
      if (expired) {
        drop(number);
        volume.release();
      }
      return expired;
    });
  }

  private void drop(Integer number) {
    Volume volume = volumes[number];
    if (volume != null) {
      table.forget(number);
      size.lazySet(size.getPlain() - counts[number]);
      volumes[number] = null;
      if (inMemory.remove(number)) {
        volume.releaseMemory();
      }
    }
  }

  /** Takes back what was added for a volume that turned out to be damaged. */
  void abandon(Volume volume) {
    frozen.removeIf(number -> {
      boolean found = volumes[number] == volume;
      if (found) {
        drop(number);
      }
      return found;
    });
  }

  void measure() {
    long sum = table.bytes();
    for (Integer number : inMemory) {
      Volume volume = volumes[number];
      sum += volume == null ? 0 : volume.memory().bytes();
    }
    Volume volume = growing;
    bytes.lazySet(sum + (volume == null ? 0 : volume.memory().bytes()));
  }

  /** Identities held; thread-safe. */
  public long size() {
    return size.get();
  }

  /** Bytes of memory as of the last frame; thread-safe. */
  public long bytes() {
    return bytes.get();
  }

  /** Frees the memory; files stay. Nothing else may be called then. */
  @Override
  public void close() {
    table.close();
    List<Integer> held = new ArrayList<>(inMemory);
    if (growing != null) {
      held.add(growingNumber);
    }
    for (Integer number : held) {
      Volume volume = volumes[number];
      if (volume != null) {
        volume.releaseMemory();
      }
    }
  }
}
