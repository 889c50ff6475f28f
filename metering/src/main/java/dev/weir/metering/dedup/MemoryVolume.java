package dev.weir.metering.dedup;

import java.util.Arrays;
import net.openhft.chronicle.core.Memory;
import net.openhft.chronicle.core.OS;

/**
 * The identities of a volume that is not sealed, in the order of their arrival, outside the heap: 24
 * bytes each (identity 16, payload hash 8) and 5 to 11 bytes to find them, or more while there are few in what
 * was made for many. Confined to one thread until it is frozen; then only read, by any thread.
 */
final class MemoryVolume implements AutoCloseable {

  private static final Memory MEMORY = OS.memory();
  private static final int ENTRY_BYTES = 24;
  private static final int CHUNK_BITS = 12;
  private static final int CHUNK_ENTRIES = 1 << CHUNK_BITS;
  private static final long CHUNK_BYTES = (long) CHUNK_ENTRIES * ENTRY_BYTES;
  private static final int INDEX_MIN = 256;
  private static final long SUITS_TIMES_MAX = 4;
  private static final long CLEARED_BYTES = 64 * 1024;

  private long[] chunks = new long[4];
  private int allocatedChunks;
  private int count;

  /** Entry numbers from 1, found by the low word; 0 is empty. */
  private long index;

  private int indexSlots;

  /** Written so that the JVM does not drop the reads of {@link #touch}. */
  @SuppressWarnings("UnusedVariable")
  private int touched;

  /**
   * @param expected how many identities will likely come; it grows beyond
   */
  MemoryVolume(int expected) {
    allocateIndex(slotsFor(expected));
  }

  private static int slotsFor(int expected) {
    long slots = expected * 4L / 3 + 1;
    return Math.max(INDEX_MIN, (int) Long.highestOneBit(slots) << 1);
  }

  /** Whether it is about as large as one made for so many identities. */
  boolean suits(int expected) {
    long slots = slotsFor(expected);
    return indexSlots >= slots && indexSlots <= slots * SUITS_TIMES_MAX;
  }

  /** Forgets all identities, but keeps the memory for others. */
  void clear() {
    clearIndex();
    count = 0;
  }

  /** Fetches what adding the identity will need, while the processor does something else. */
  void touch(long low) {
    touched ^= MEMORY.readInt(index + 4L * ((int) low & (indexSlots - 1)));
  }

  private void allocateIndex(int slots) {
    index = MEMORY.allocate(4L * slots);
    indexSlots = slots;
    clearIndex();
  }

  /** In pieces: while it clears one, all threads may be waiting for this one to come to a safepoint. */
  private void clearIndex() {
    long bytes = 4L * indexSlots;
    for (long at = 0; at < bytes; at += CLEARED_BYTES) {
      MEMORY.setMemory(index + at, Math.min(CLEARED_BYTES, bytes - at), (byte) 0);
    }
  }

  /** Adds an identity that is not held. */
  void add(long high, long low, long payloadHash) {
    if ((count + 1L) * 4 > indexSlots * 3L) {
      growIndex();
    }
    if (count == allocatedChunks * CHUNK_ENTRIES) {
      addChunk();
    }
    long entry = entry(count);
    MEMORY.writeLong(entry, high);
    MEMORY.writeLong(entry + 8, low);
    MEMORY.writeLong(entry + 16, payloadHash);
    point(low, ++count);
  }

  /** Adds an identity, or gives it another payload hash when it is held. */
  void put(long high, long low, long payloadHash) {
    int held = find(high, low);
    if (held >= 0) {
      MEMORY.writeLong(entry(held) + 16, payloadHash);
    } else {
      add(high, low, payloadHash);
    }
  }

  private void addChunk() {
    if (allocatedChunks == chunks.length) {
      chunks = Arrays.copyOf(chunks, allocatedChunks * 2);
    }
    chunks[allocatedChunks++] = MEMORY.allocate(CHUNK_BYTES);
  }

  private void growIndex() {
    MEMORY.freeMemory(index, 4L * indexSlots);
    allocateIndex(indexSlots * 2);
    for (int i = 0; i < count; i++) {
      point(low(i), i + 1);
    }
  }

  private void point(long low, int number) {
    int mask = indexSlots - 1;
    int at = (int) low & mask;
    while (MEMORY.readInt(index + 4L * at) != 0) {
      at = (at + 1) & mask;
    }
    MEMORY.writeInt(index + 4L * at, number);
  }

  private int find(long high, long low) {
    int mask = indexSlots - 1;
    int at = (int) low & mask;
    while (true) {
      int number = MEMORY.readInt(index + 4L * at);
      if (number == 0) {
        return -1;
      }
      long entry = entry(number - 1);
      if (MEMORY.readLong(entry) == high && MEMORY.readLong(entry + 8) == low) {
        return number - 1;
      }
      at = (at + 1) & mask;
    }
  }

  Match match(long high, long low, long payloadHash) {
    int held = find(high, low);
    if (held < 0) {
      return Match.ABSENT;
    }
    return payloadHash(held) == payloadHash ? Match.SAME : Match.OTHER;
  }

  private long entry(int number) {
    return chunks[number >>> CHUNK_BITS] + (long) (number & (CHUNK_ENTRIES - 1)) * ENTRY_BYTES;
  }

  int count() {
    return count;
  }

  long high(int number) {
    return MEMORY.readLong(entry(number));
  }

  long low(int number) {
    return MEMORY.readLong(entry(number) + 8);
  }

  long payloadHash(int number) {
    return MEMORY.readLong(entry(number) + 16);
  }

  /** Bytes outside the heap. */
  long bytes() {
    return 4L * indexSlots + allocatedChunks * CHUNK_BYTES;
  }

  @Override
  public void close() {
    for (int i = 0; i < allocatedChunks; i++) {
      MEMORY.freeMemory(chunks[i], CHUNK_BYTES);
    }
    allocatedChunks = 0;
    if (indexSlots > 0) {
      MEMORY.freeMemory(index, 4L * indexSlots);
    }
    indexSlots = 0;
    count = 0;
  }
}
