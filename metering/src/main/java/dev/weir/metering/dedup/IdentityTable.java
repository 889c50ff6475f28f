package dev.weir.metering.dedup;

import dev.weir.metering.Invariant;
import java.util.Arrays;
import net.openhft.chronicle.core.Memory;
import net.openhft.chronicle.core.OS;

/**
 * Says in which volumes an identity may be: 6 bytes an identity outside the heap, namely 36 bits of its
 * hash and a volume's number of 12 bits. Together with the 8 bits that name the part, 44 bits are
 * compared: among n identities a new one is taken for a known one n times in 2^44 and costs a needless
 * look into a volume; never more, as the volume knows the whole identity.
 *
 * <p>Open addressing with linear probing from a home that grows with the hash, so that a part is built
 * anew by one pass from start to end, from nothing but its own slots. The parts are between 80 and 90 %
 * full and grow by an eighth, each at another time.
 *
 * <p>Confined to one thread. A look-up costs about one cache miss.
 */
final class IdentityTable implements AutoCloseable {

  /** Numbers of volumes are 1 to this. */
  static final int VOLUMES_MAX = 4_095;

  static final int SLOT_BYTES = 6;
  static final int PARTS = 256;

  private static final Memory MEMORY = OS.memory();
  private static final int VOLUME_BITS = 12;
  private static final int TAG_BITS = 36;
  private static final long SLOT_MASK = (1L << (VOLUME_BITS + TAG_BITS)) - 1;
  private static final int SLOTS_MIN = 64;

  /** A slot is read as eight bytes. */
  private static final int PADDING_BYTES = 8;

  private final long[] addresses = new long[PARTS];
  private final long[] slots = new long[PARTS];
  private final long[] used = new long[PARTS];
  private final boolean[] dead = new boolean[VOLUMES_MAX + 1];
  private final boolean[] taken = new boolean[VOLUMES_MAX + 1];
  private int deadVolumes;
  private long bytes;

  /** The volumes that the present pass over all parts clears; those that die meanwhile must wait. */
  private boolean[] sweeping = new boolean[0];

  private int sweptParts = PARTS;

  private int part;
  private long tag;
  private long at;
  private long free;
  private boolean freeIsEmpty;

  /** Written so that the JVM does not drop the reads of {@link #touch}. */
  @SuppressWarnings("UnusedVariable")
  private long touched;

  /**
   * @param expected how many identities will come soon; it grows beyond
   */
  IdentityTable(long expected) {
    for (int i = 0; i < PARTS; i++) {
      long full = Math.max(SLOTS_MIN, expected / PARTS * 10 / 9 + 1);
      // Part by part a little larger, so that they do not all grow at once.
      allocate(i, full + full * i / (8 * PARTS));
    }
  }

  private void allocate(int which, long count) {
    long size = count * SLOT_BYTES + PADDING_BYTES;
    long address = MEMORY.allocate(size);
    MEMORY.setMemory(address, size, (byte) 0);
    addresses[which] = address;
    slots[which] = count;
    bytes += size;
  }

  private void release(long address, long count) {
    long size = count * SLOT_BYTES + PADDING_BYTES;
    MEMORY.freeMemory(address, size);
    bytes -= size;
  }

  private static int partOf(long high) {
    return (int) (high >>> 56);
  }

  private static long tagOf(long high) {
    return (high << 8) >>> (64 - TAG_BITS);
  }

  /** Spreads tags evenly and in their order: tag * slots / 2^36. */
  private static long home(long tag, long slots) {
    return Math.multiplyHigh(tag << (63 - TAG_BITS), slots << 1);
  }

  /** Fetches what a look-up of the identity will need, while the processor does something else. */
  void touch(long high) {
    int which = partOf(high);
    touched ^= MEMORY.readLong(addresses[which] + home(tagOf(high), slots[which]) * SLOT_BYTES);
  }

  /** Begins a look-up: the first volume that may hold the identity; 0 when there is none. */
  int first(long high) {
    part = partOf(high);
    tag = tagOf(high);
    at = home(tag, slots[part]);
    free = -1;
    return scan();
  }

  /** Goes on after a volume that did not hold the identity. */
  int next() {
    at = at + 1 == slots[part] ? 0 : at + 1;
    return scan();
  }

  private int scan() {
    long address = addresses[part];
    long end = slots[part];
    long wanted = tag;
    long i = at;
    while (true) {
      long slot = MEMORY.readLong(address + i * SLOT_BYTES) & SLOT_MASK;
      if (slot == 0) {
        at = i;
        freeIsEmpty = free < 0;
        free = freeIsEmpty ? i : free;
        return 0;
      }
      int volume = (int) slot & VOLUMES_MAX;
      if (deadVolumes > 0 && dead[volume]) {
        free = free < 0 ? i : free;
      } else if (slot >>> VOLUME_BITS == wanted) {
        at = i;
        return volume;
      }
      i = i + 1 == end ? 0 : i + 1;
    }
  }

  /** Adds the identity looked up last, when that look-up has ended with 0. */
  void insert(int volume) {
    if (freeIsEmpty) {
      if ((used[part] + 1) * 10 > slots[part] * 9) {
        rebuild(part);
        free = emptySlot(part, tag);
      }
      used[part]++;
    }
    write(addresses[part] + free * SLOT_BYTES, tag << VOLUME_BITS | volume);
  }

  /** Adds an identity without looking whether it is there. */
  void add(long high, int volume) {
    int which = partOf(high);
    if ((used[which] + 1) * 10 > slots[which] * 9) {
      rebuild(which);
    }
    long added = tagOf(high);
    write(addresses[which] + emptySlot(which, added) * SLOT_BYTES, added << VOLUME_BITS | volume);
    used[which]++;
  }

  private long emptySlot(int which, long wanted) {
    long end = slots[which];
    long i = home(wanted, end);
    while ((MEMORY.readLong(addresses[which] + i * SLOT_BYTES) & SLOT_MASK) != 0) {
      i = i + 1 == end ? 0 : i + 1;
    }
    return i;
  }

  private static void write(long address, long slot) {
    MEMORY.writeInt(address, (int) slot);
    MEMORY.writeShort(address + 4, (short) (slot >>> 32));
  }

  /** Builds a part anew without what belongs to dead volumes, larger or smaller as needed. */
  private void rebuild(int which) {
    long oldAddress = addresses[which];
    long oldSlots = slots[which];
    long live = used[which] - deadIn(which);
    allocate(which, fitting(live, oldSlots));
    used[which] = live;
    for (long i = 0; i < oldSlots; i++) {
      long slot = MEMORY.readLong(oldAddress + i * SLOT_BYTES) & SLOT_MASK;
      if (slot != 0 && !dead[(int) slot & VOLUMES_MAX]) {
        write(addresses[which] + emptySlot(which, slot >>> VOLUME_BITS) * SLOT_BYTES, slot);
      }
    }
    release(oldAddress, oldSlots);
  }

  private static long fitting(long live, long oldSlots) {
    if (live * 5 > oldSlots * 4) {
      return oldSlots + oldSlots / 8;
    }
    return live * 2 > oldSlots ? oldSlots : Math.max(SLOTS_MIN, live * 5 / 4 + 1);
  }

  private long deadIn(int which) {
    long count = 0;
    if (deadVolumes > 0) {
      for (long i = 0; i < slots[which]; i++) {
        long slot = MEMORY.readLong(addresses[which] + i * SLOT_BYTES) & SLOT_MASK;
        count += slot != 0 && dead[(int) slot & VOLUMES_MAX] ? 1 : 0;
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
      if (addresses[i] != 0) {
        release(addresses[i], slots[i]);
        addresses[i] = 0;
        slots[i] = 0;
      }
    }
  }
}
