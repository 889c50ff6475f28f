package dev.weir.metering.dedup;

import dev.weir.metering.Invariant;
import net.openhft.chronicle.core.Memory;
import net.openhft.chronicle.core.OS;

/**
 * An array of buckets outside the heap, each of one cache line:
 *
 * <pre>
 * 0   the last 8 bits of the tag of each of ten slots (10)     10  slots used (2)
 * 12  how many buckets further on those can be that are at home here, but found it full (2)
 * 14  ten slots: the first 28 bits of the tag, the volume's number (5 each)
 * </pre>
 *
 * The home bucket grows with the tag, so that one array is emptied into another by a pass from start to end
 * over both. It must be cleared before it is used, and it can be emptied, both in steps. Confined to one
 * thread.
 */
final class Buckets implements AutoCloseable {

  static final int TAG_BITS = 36;
  static final int SLOTS = 10;

  /** The greatest number that a slot has room for; 0 stands for none. */
  static final int VOLUMES_MAX = 4_095;

  private static final Memory MEMORY = OS.memory();
  private static final int VOLUME_BITS = 12;
  private static final int SMALL_TAG_BITS = 8;
  private static final long SLOT_MASK = (1L << 40) - 1;

  private static final int BUCKET_BYTES = 64;
  private static final int COUNT_AT = 10;
  private static final int DISTANCE_AT = 12;
  private static final int SLOTS_AT = 14;
  private static final long SLOT_BYTES = 5;

  /** The last slot is read as eight bytes; buckets begin where cache lines do. */
  private static final int PADDING_BYTES = 2 * BUCKET_BYTES;

  private static final long LOW_BITS = 0x0101_0101_0101_0101L;
  private static final long HIGH_BITS = 0x8080_8080_8080_8080L;

  /** Gathers the lowest bits of eight bytes in the highest byte. */
  private static final long GATHER = 0x0102_0408_1020_4080L;

  private final long count;
  private final long bytes;
  private final long allocated;
  private final long begin;
  private final long end;

  private long cleared;
  private long used;

  /** The first bucket that has not been emptied. */
  private long emptiedTo;

  /** Takes what was in a slot. */
  @FunctionalInterface
  interface SlotConsumer {
    void accept(long tag, int volume);
  }

  Buckets(long count) {
    this.count = count;
    this.bytes = count * BUCKET_BYTES + PADDING_BYTES;
    this.allocated = MEMORY.allocate(bytes);
    this.begin = (allocated + BUCKET_BYTES - 1) & -BUCKET_BYTES;
    this.end = begin + count * BUCKET_BYTES;
    this.emptiedTo = begin;
  }

  /** Clears some more bytes; gives whether all are clear. */
  boolean clear(long bytesMax) {
    long step = Math.min(bytesMax, bytes - cleared);
    MEMORY.setMemory(allocated + cleared, step, (byte) 0);
    cleared += step;
    return cleared == bytes;
  }

  /** Bytes outside the heap. */
  long bytes() {
    return bytes;
  }

  /** Slots used, what was emptied included. */
  long used() {
    return used;
  }

  /** Whether with one more, more than so much of the slots would be used. */
  boolean isFull(int percent) {
    return (used + 1) * 100 > count * SLOTS * percent;
  }

  /** The bucket where a tag is at home: spread evenly and in order, by tag * buckets / 2^36. */
  long home(long tag) {
    return begin + Math.multiplyHigh(tag << (63 - TAG_BITS), count << 1) * BUCKET_BYTES;
  }

  /** How many buckets behind its home a tag can be at most. */
  static int distance(long home) {
    return MEMORY.readShort(home + DISTANCE_AT);
  }

  long after(long bucket) {
    long next = bucket + BUCKET_BYTES;
    return next == end ? begin : next;
  }

  /** Reads what a look-up from this home will need first. */
  static long touch(long home) {
    // Behind the last bucket there is padding.
    return MEMORY.readLong(home) ^ MEMORY.readLong(home + BUCKET_BYTES);
  }

  /** The slots of a bucket whose last eight bits are those of the tag, and perhaps some others. */
  int hits(long bucket, long tag) {
    if (bucket < emptiedTo) {
      return 0;
    }
    long wanted = tag & 0xff;
    long different = MEMORY.readLong(bucket) ^ wanted * LOW_BITS;
    long equal = (different - LOW_BITS) & ~different & HIGH_BITS;
    int found = (int) (((equal >>> 7) * GATHER) >>> 56);
    int rest = MEMORY.readShort(bucket + 8);
    found |= (rest & 0xff) == wanted ? 0x100 : 0;
    return found | ((rest >>> 8 & 0xff) == wanted ? 0x200 : 0);
  }

  /** The volume of the first of some slots if it has the whole tag; else 0. */
  static int volume(long bucket, int hits, long tag) {
    long slot = slot(bucket, Integer.numberOfTrailingZeros(hits));
    return slot >>> VOLUME_BITS == tag >>> SMALL_TAG_BITS ? (int) slot & VOLUMES_MAX : 0;
  }

  private static long slot(long bucket, int number) {
    return MEMORY.readLong(bucket + SLOTS_AT + number * SLOT_BYTES) & SLOT_MASK;
  }

  /** Adds a tag, be it there or not. There must be room. */
  void put(long tag, int volume) {
    long home = home(tag);
    long into = home;
    int steps = 0;
    int slots = MEMORY.readShort(into + COUNT_AT);
    while (slots == SLOTS) {
      into = after(into);
      steps++;
      Invariant.check(steps < count, "there is room for what is put");
      slots = MEMORY.readShort(into + COUNT_AT);
    }
    if (steps > distance(home)) {
      Invariant.check(steps <= Short.MAX_VALUE, "identities are spread as hashes are");
      MEMORY.writeShort(home + DISTANCE_AT, (short) steps);
    }
    long slot = (tag >>> SMALL_TAG_BITS) << VOLUME_BITS | volume;
    long at = into + SLOTS_AT + slots * SLOT_BYTES;
    MEMORY.writeInt(at, (int) slot);
    MEMORY.writeByte(at + 4, (byte) (slot >>> 32));
    MEMORY.writeByte(into + slots, (byte) tag);
    MEMORY.writeShort(into + COUNT_AT, (short) (slots + 1));
    used++;
  }

  /**
   * Empties some more buckets, from the first on. What was put elsewhere is not found here any more.
   *
   * @return whether all are empty
   */
  boolean empty(long bucketsMax, SlotConsumer consumer) {
    long to = Math.min(end, emptiedTo + Math.min(bucketsMax, count) * BUCKET_BYTES);
    for (; emptiedTo < to; emptiedTo += BUCKET_BYTES) {
      forEach(emptiedTo, consumer);
    }
    return emptiedTo == end;
  }

  /** Shows what is in all slots. */
  void forEach(SlotConsumer consumer) {
    for (long bucket = begin; bucket < end; bucket += BUCKET_BYTES) {
      forEach(bucket, consumer);
    }
  }

  private static void forEach(long bucket, SlotConsumer consumer) {
    int slots = MEMORY.readShort(bucket + COUNT_AT);
    for (int i = 0; i < slots; i++) {
      long slot = slot(bucket, i);
      consumer.accept(
          (slot >>> VOLUME_BITS) << SMALL_TAG_BITS | (MEMORY.readByte(bucket + i) & 0xffL),
          (int) slot & VOLUMES_MAX);
    }
  }

  @Override
  public void close() {
    MEMORY.freeMemory(allocated, bytes);
  }
}
