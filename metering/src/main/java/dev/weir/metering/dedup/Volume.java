package dev.weir.metering.dedup;

import dev.weir.metering.Invariant;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The identities of a stretch of one journal lane, through their life: growing in memory, frozen, sealed
 * in a file, forgotten. Usually one index uses a volume; after the number of lanes has changed, several
 * may. It grows in one thread; all else is thread-safe.
 */
final class Volume {

  private final @Nullable LaneSegments lane;
  private final @Nullable MemoryVolume memory;
  private final AtomicInteger users = new AtomicInteger();

  /** The indexes that may look into the memory, and the sealing thread until it is done. */
  private final AtomicInteger memoryUsers = new AtomicInteger();

  private long oldestSeconds = Long.MAX_VALUE;
  private long newestSeconds;
  private @Nullable Stretch stretch;
  private volatile @Nullable SealedSegment segment;

  /**
   * A volume that grows.
   *
   * @param lane that seals it; null when nothing is sealed
   * @param expected how many identities will likely come
   */
  Volume(@Nullable LaneSegments lane, int expected) {
    this.lane = lane;
    this.memory = lane == null ? new MemoryVolume(expected) : lane.spareMemory().take(expected);
  }

  /** A volume that was sealed before. */
  Volume(LaneSegments lane, SealedSegment segment) {
    this.lane = lane;
    this.memory = null;
    this.segment = segment;
    this.stretch = segment.header().stretch();
    this.oldestSeconds = segment.header().oldestSeconds();
    this.newestSeconds = segment.header().newestSeconds();
  }

  /** What is in memory; only while it grows or as a user of the memory. */
  MemoryVolume memory() {
    MemoryVolume held = memory;
    if (held == null) {
      throw new IllegalStateException("the volume is not in memory");
    }
    return held;
  }

  /** Notes when an identity was received. */
  void received(long seconds) {
    Invariant.check(seconds >= 0, "receive times are after 1970");
    oldestSeconds = Math.min(oldestSeconds, seconds);
    newestSeconds = Math.max(newestSeconds, seconds);
  }

  long oldestSeconds() {
    return oldestSeconds;
  }

  long newestSeconds() {
    return newestSeconds;
  }

  /** Ends its growth: it holds the identities of these sequences. */
  void freeze(Stretch covered) {
    stretch = covered;
  }

  Stretch stretch() {
    Stretch covered = stretch;
    if (covered == null) {
      throw new IllegalStateException("the volume still grows");
    }
    return covered;
  }

  Match match(long high, long low, long payloadHash, SealedSegment.Scratch scratch) {
    SealedSegment sealed = segment;
    return sealed == null
        ? memory().match(high, low, payloadHash)
        : sealed.match(high, low, payloadHash, scratch);
  }

  @Nullable
  SealedSegment segment() {
    return segment;
  }

  /** From now on look-ups go to the file. */
  void seal(SealedSegment sealed) {
    segment = sealed;
  }

  /** An index begins to use the volume. */
  void use() {
    users.incrementAndGet();
    if (memory != null) {
      memoryUsers.incrementAndGet();
    }
  }

  boolean isUsed() {
    return users.get() > 0;
  }

  /** An index forgets the volume; the last one lets its file go. */
  void release() {
    if (users.decrementAndGet() == 0 && lane != null && stretch != null) {
      lane.forget(this);
    }
  }

  void useMemory() {
    memoryUsers.incrementAndGet();
  }

  /** A user of the memory will not look into it again; the last one gives it back. */
  void releaseMemory() {
    if (memoryUsers.decrementAndGet() == 0) {
      giveBack(memory());
    }
  }

  private void giveBack(MemoryVolume unused) {
    if (lane == null) {
      unused.close();
    } else {
      lane.spareMemory().recycle(unused);
    }
  }
}
