package dev.weir.metering.dedup;

import dev.weir.metering.Invariant;
import java.util.Arrays;
import net.openhft.chronicle.core.Memory;
import net.openhft.chronicle.core.OS;

/**
 * Says in which volumes an identity may be: 6 bytes an identity outside the heap, namely 36 bits of its
 * hash (the tag) and a volume's number of 12 bits. Together with the 8 bits that name the part, 44 bits
 * are compared: among n identities a new one is taken for a known one n times in 2^44 and costs a
 * needless look into a volume; never more, as the volume knows the whole identity.
 *
 * <p>A part is an array of buckets of one cache line each:
 *
 * <pre>
 * 0   the last 8 bits of the tag of each of ten slots (10)     10  slots used (2)
 * 12  how many buckets further on those can be that are at home here, but found it full (2)
 * 14  ten slots: the first 28 bits of the tag, the volume's number (5 each)
 * </pre>
 *
 * The home bucket grows with the tag, so that a part is built anew by one pass from start to end, from
 * nothing but its own slots. The parts are between 71 and 88 % full and grow by a quarter, each at
 * another time. The number of a forgotten volume is dead until all parts have been swept of it.
 *
 * <p>Confined to one thread. A look-up costs about one cache miss.
 */
final class IdentityTable implements AutoCloseable {

  /** Numbers of volumes are 1 to this. */
  static final int VOLUMES_MAX = 4_095;

  static final int PARTS = 256;

  private static final Memory MEMORY = OS.memory();
  private static final int VOLUME_BITS = 12;
  private static final int TAG_BITS = 36;
  private static final int SMALL_TAG_BITS = 8;
  private static final long SLOT_MASK = (1L << 40) - 1;

  private static final int BUCKET_BYTES = 64;
  private static final int BUCKET_SLOTS = 10;
  private static final int COUNT_AT = 10;
  private static final int DISTANCE_AT = 12;
  private static final int SLOTS_AT = 14;
  private static final long SLOT_BYTES = 5;

  /** The last slot is read as eight bytes; buckets begin where cache lines do. */
  private static final int PADDING_BYTES = 2 * BUCKET_BYTES;

  private static final int BUCKETS_MIN = 4;
  private static final int FULL_PERCENT = 88;
  private static final int REBUILT_PERCENT = 71;

  private static final long LOW_BITS = 0x0101_0101_0101_0101L;
  private static final long HIGH_BITS = 0x8080_8080_8080_8080L;

  /** Gathers the lowest bits of eight bytes in the highest byte. */
  private static final long GATHER = 0x0102_0408_1020_4080L;

  private final long[] allocated = new long[PARTS];
  private final long[] addresses = new long[PARTS];
  private final long[] buckets = new long[PARTS];
  private final long[] used = new long[PARTS];
  private final boolean[] dead = new boolean[VOLUMES_MAX + 1];
  private final boolean[] taken = new boolean[VOLUMES_MAX + 1];
  private int deadVolumes;
  private long bytes;

  /** The volumes that the present pass over all parts clears; those that die meanwhile must wait. */
  private boolean[] sweeping = new boolean[0];

  private int sweptParts = PARTS;

  /** The look-up under way: its part, tag and bucket, how many buckets are left after that ... */
  private int part;

  private long tag;
  private long bucket;
  private int distance;

  /** ... and which slots of it. */
  private int hits;

  /** Written so that the JVM does not drop the reads of {@link #touch}. */
  @SuppressWarnings("UnusedVariable")
  private long touched;

  /**
   * @param expected how many identities will come soon; it grows beyond
   */
  IdentityTable(long expected) {
    for (int i = 0; i < PARTS; i++) {
      allocate(i, fitting(i, expected / PARTS));
    }
  }

  /**
   * The number of buckets for so many identities: each part has a geometric series of its own, so that
   * they do not all grow at once.
   */
  private static long fitting(int which, long live) {
    long size = ((long) BUCKETS_MIN << 20) + ((long) BUCKETS_MIN << 18) * which / PARTS;
    while ((size >> 20) * BUCKET_SLOTS * REBUILT_PERCENT < live * 100) {
      size += size / 4;
    }
    return size >> 20;
  }

  private void allocate(int which, long count) {
    long size = count * BUCKET_BYTES + PADDING_BYTES;
    long address = MEMORY.allocate(size);
    MEMORY.setMemory(address, size, (byte) 0);
    allocated[which] = address;
    addresses[which] = (address + BUCKET_BYTES - 1) & -BUCKET_BYTES;
    buckets[which] = count;
    used[which] = 0;
    bytes += size;
  }

  private void free(long address, long count) {
    long size = count * BUCKET_BYTES + PADDING_BYTES;
    MEMORY.freeMemory(address, size);
    bytes -= size;
  }

  private static int partOf(long high) {
    return (int) (high >>> 56);
  }

  private static long tagOf(long high) {
    return (high << 8) >>> (64 - TAG_BITS);
  }

  /** Where the bucket of a tag lies: they are spread evenly and in order, by tag * buckets / 2^36. */
  private long home(int which, long ofTag) {
    return addresses[which]
        + Math.multiplyHigh(ofTag << (63 - TAG_BITS), buckets[which] << 1) * BUCKET_BYTES;
  }

  private long after(int which, long ofBucket) {
    long next = ofBucket + BUCKET_BYTES;
    return next == addresses[which] + buckets[which] * BUCKET_BYTES ? addresses[which] : next;
  }

  private static long slot(long ofBucket, int number) {
    return MEMORY.readLong(ofBucket + SLOTS_AT + number * SLOT_BYTES) & SLOT_MASK;
  }

  /** Fetches what a look-up of the identity will need, while the processor does something else. */
  void touch(long high) {
    long home = home(partOf(high), tagOf(high));
    // Behind the last bucket there is padding.
    touched ^= MEMORY.readLong(home) ^ MEMORY.readLong(home + BUCKET_BYTES);
  }

  /** Begins a look-up: the first volume that may hold the identity; 0 when there is none. */
  int first(long high) {
    part = partOf(high);
    tag = tagOf(high);
    bucket = home(part, tag);
    distance = MEMORY.readShort(bucket + DISTANCE_AT);
    hits = hits(bucket, tag);
    return next();
  }

  /** Goes on after a volume that did not hold the identity. */
  int next() {
    while (true) {
      while (hits != 0) {
        long slot = slot(bucket, Integer.numberOfTrailingZeros(hits));
        hits &= hits - 1;
        int volume = (int) slot & VOLUMES_MAX;
        if (slot >>> VOLUME_BITS == tag >>> SMALL_TAG_BITS && volume != 0 && !dead[volume]) {
          return volume;
        }
      }
      if (distance-- == 0) {
        return 0;
      }
      bucket = after(part, bucket);
      hits = hits(bucket, tag);
    }
  }

  /** The slots of a bucket whose last eight bits are those of the tag, and perhaps some others. */
  private static int hits(long ofBucket, long ofTag) {
    long wanted = ofTag & 0xff;
    long different = MEMORY.readLong(ofBucket) ^ wanted * LOW_BITS;
    long equal = (different - LOW_BITS) & ~different & HIGH_BITS;
    int found = (int) (((equal >>> 7) * GATHER) >>> 56);
    int rest = MEMORY.readShort(ofBucket + 8);
    found |= (rest & 0xff) == wanted ? 0x100 : 0;
    return found | ((rest >>> 8 & 0xff) == wanted ? 0x200 : 0);
  }

  /** Adds the identity looked up last, when that look-up has ended with 0. */
  void insert(int volume) {
    if (isFull(part)) {
      rebuild(part);
    }
    put(part, home(part, tag), tag, volume);
  }

  /** Adds an identity without looking whether it is there. */
  void add(long high, int volume) {
    int which = partOf(high);
    if (isFull(which)) {
      rebuild(which);
    }
    put(which, home(which, tagOf(high)), tagOf(high), volume);
  }

  private boolean isFull(int which) {
    return (used[which] + 1) * 100 > buckets[which] * (BUCKET_SLOTS * FULL_PERCENT);
  }

  private void put(int which, long home, long ofTag, int volume) {
    long into = home;
    int steps = 0;
    int count = MEMORY.readShort(into + COUNT_AT);
    while (count == BUCKET_SLOTS) {
      into = after(which, into);
      steps++;
      count = MEMORY.readShort(into + COUNT_AT);
    }
    if (steps > MEMORY.readShort(home + DISTANCE_AT)) {
      Invariant.check(steps <= Short.MAX_VALUE, "identities are spread as hashes are");
      MEMORY.writeShort(home + DISTANCE_AT, (short) steps);
    }
    long slot = (ofTag >>> SMALL_TAG_BITS) << VOLUME_BITS | volume;
    long at = into + SLOTS_AT + count * SLOT_BYTES;
    MEMORY.writeInt(at, (int) slot);
    MEMORY.writeByte(at + 4, (byte) (slot >>> 32));
    MEMORY.writeByte(into + count, (byte) ofTag);
    MEMORY.writeShort(into + COUNT_AT, (short) (count + 1));
    used[which]++;
  }

  /** Builds a part anew without what belongs to dead volumes, larger or smaller as needed. */
  private void rebuild(int which) {
    long oldAllocated = allocated[which];
    long oldAddress = addresses[which];
    long oldBuckets = buckets[which];
    allocate(which, fitting(which, used[which] - deadIn(which)));
    for (long from = oldAddress;
        from < oldAddress + oldBuckets * BUCKET_BYTES;
        from += BUCKET_BYTES) {
      int count = MEMORY.readShort(from + COUNT_AT);
      for (int i = 0; i < count; i++) {
        long slot = slot(from, i);
        int volume = (int) slot & VOLUMES_MAX;
        if (!dead[volume]) {
          long ofTag =
              (slot >>> VOLUME_BITS) << SMALL_TAG_BITS | (MEMORY.readByte(from + i) & 0xffL);
          put(which, home(which, ofTag), ofTag, volume);
        }
      }
    }
    free(oldAllocated, oldBuckets);
  }

  private long deadIn(int which) {
    long count = 0;
    if (deadVolumes > 0) {
      for (long i = 0; i < buckets[which]; i++) {
        long from = addresses[which] + i * BUCKET_BYTES;
        int slots = MEMORY.readShort(from + COUNT_AT);
        for (int j = 0; j < slots; j++) {
          count += dead[(int) slot(from, j) & VOLUMES_MAX] ? 1 : 0;
        }
      }
    }
    return count;
  }

  /** A number for a volume; 0 when all are taken, or were and are not yet swept. */
  int take() {
    for (int number = 1; number <= VOLUMES_MAX; number++) {
      if (!taken[number]) {
        taken[number] = true;
        return number;
      }
    }
    return 0;
  }

  /** Forgets all identities of a volume. Its number can be taken again when every part was swept. */
  void forget(int volume) {
    Invariant.check(taken[volume] && !dead[volume], "a volume is forgotten once");
    dead[volume] = true;
    deadVolumes++;
  }

  /** Clears some parts of what belongs to forgotten volumes. */
  void sweep(int parts) {
    for (int i = 0; i < parts && (sweptParts < PARTS || deadVolumes > 0); i++) {
      if (sweptParts == PARTS) {
        sweeping = Arrays.copyOf(dead, dead.length);
        sweptParts = 0;
      }
      if (deadIn(sweptParts) > 0) {
        rebuild(sweptParts);
      }
      if (++sweptParts == PARTS) {
        freeSwept();
      }
    }
  }

  private void freeSwept() {
    for (int number = 1; number <= VOLUMES_MAX; number++) {
      if (sweeping[number]) {
        dead[number] = false;
        taken[number] = false;
        deadVolumes--;
      }
    }
  }

  /** Bytes outside the heap. */
  long bytes() {
    return bytes;
  }

  @Override
  public void close() {
    for (int i = 0; i < PARTS; i++) {
      if (allocated[i] != 0) {
        free(allocated[i], buckets[i]);
        allocated[i] = 0;
      }
    }
  }
}
