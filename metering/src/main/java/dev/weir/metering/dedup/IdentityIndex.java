package dev.weir.metering.dedup;

import dev.weir.metering.Invariant;
import net.openhft.chronicle.core.Memory;
import net.openhft.chronicle.core.OS;

/**
 * The set of identities of one lane, outside the heap: open addressing with linear probing, 32 bytes a
 * slot (identity 16, payload hash 8, receive second 4, 4 spare), split into parts that grow one at a
 * time, so that no growth stalls the lane for long. At most 3/4 full; 43 to 85 bytes an identity.
 *
 * <p>Confined to the lane's thread. A check costs about one cache miss.
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
    /** New, but the index is at its bound: the event must be refused. */
    FULL
  }

  private static final int PARTS = 64;
  private static final int SLOT_BYTES = 32;
  private static final int SLOTS_MIN = 256;

  private final Part[] parts = new Part[PARTS];
  private final long identitiesMax;
  private final long horizonSeconds;
  private long size;

  /**
   * @param identitiesMax how many identities may be held; beyond that new ones are refused
   * @param horizonSeconds how long an identity is remembered after it was received
   */
  public IdentityIndex(long identitiesMax, long horizonSeconds) {
    this.identitiesMax = identitiesMax;
    this.horizonSeconds = horizonSeconds;
    for (int i = 0; i < PARTS; i++) {
      parts[i] = new Part(SLOTS_MIN);
    }
  }

  /** Looks an identity up and remembers it if it is new. */
  public Answer check(long high, long low, long payloadHash, long nowSeconds) {
    return parts[(int) (high >>> 58)].check(high, low, payloadHash, nowSeconds);
  }

  /** Identities held, including expired ones that were not yet swept. */
  public long size() {
    return size;
  }

  /** Bytes outside the heap. */
  public long bytes() {
    long bytes = 0;
    for (Part part : parts) {
      bytes += part.slots * SLOT_BYTES;
    }
    return bytes;
  }

  @Override
  public void close() {
    for (Part part : parts) {
      part.free();
    }
  }

  private final class Part {
    private final Memory memory = OS.memory();
    private long address;
    private long slots;
    private long used;

    /** When a full index last looked for expired identities: once a second is enough. */
    private long sweptSeconds = -1;

    Part(long slots) {
      this.slots = slots;
      this.address = allocate(slots);
    }

    private long allocate(long count) {
      long start = memory.allocate(count * SLOT_BYTES);
      memory.setMemory(start, count * SLOT_BYTES, (byte) 0);
      return start;
    }

    Answer check(long high, long low, long payloadHash, long nowSeconds) {
      long slot = find(high, low);
      if (occupied(slot)) {
        if (nowSeconds - receivedSeconds(slot) <= horizonSeconds) {
          return memory.readLong(slot + 16) == payloadHash ? Answer.DUPLICATE : Answer.CONFLICT;
        }
        put(slot, high, low, payloadHash, nowSeconds);
        return Answer.NEW;
      }
      if ((used + 1) * 4 > slots * 3 || size >= identitiesMax) {
        sweepAndGrow(nowSeconds);
        if (size >= identitiesMax) {
          return Answer.FULL;
        }
        slot = find(high, low);
      }
      put(slot, high, low, payloadHash, nowSeconds);
      used++;
      size++;
      return Answer.NEW;
    }

    /** The slot that holds the identity, or the empty one where it belongs. */
    private long find(long high, long low) {
      long mask = slots - 1;
      long at = low & mask;
      for (long probes = 0; probes < slots; probes++) {
        long slot = address + at * SLOT_BYTES;
        long slotLow = memory.readLong(slot);
        long slotHigh = memory.readLong(slot + 8);
        boolean same = slotLow == low && slotHigh == high;
        if (same || !occupied(slot)) {
          return slot;
        }
        at = (at + 1) & mask;
      }
      throw new IllegalStateException("identity index has no empty slot");
    }

    private boolean occupied(long slot) {
      // The spare word is 1 in a used slot, so that no hash value is special.
      return memory.readInt(slot + 28) != 0;
    }

    private long receivedSeconds(long slot) {
      return memory.readInt(slot + 24) & 0xffff_ffffL;
    }

    private void put(long slot, long high, long low, long payloadHash, long nowSeconds) {
      Invariant.check(nowSeconds >= 0 && nowSeconds <= 0xffff_ffffL, "receive second out of range");
      memory.writeLong(slot, low);
      memory.writeLong(slot + 8, high);
      memory.writeLong(slot + 16, payloadHash);
      memory.writeInt(slot + 24, (int) nowSeconds);
      memory.writeInt(slot + 28, 1);
    }

    /** Drops what has expired and doubles the room if that was not enough. */
    private void sweepAndGrow(long nowSeconds) {
      if (size >= identitiesMax && nowSeconds == sweptSeconds) {
        return;
      }
      sweptSeconds = nowSeconds;
      long live = 0;
      for (long i = 0; i < slots; i++) {
        live += isLive(address + i * SLOT_BYTES, nowSeconds) ? 1 : 0;
      }
      if (live == used && size >= identitiesMax) {
        return;
      }
      long oldAddress = address;
      long oldSlots = slots;
      slots = (live + 1) * 2 > oldSlots ? oldSlots * 2 : oldSlots;
      address = allocate(slots);
      for (long i = 0; i < oldSlots; i++) {
        long slot = oldAddress + i * SLOT_BYTES;
        if (isLive(slot, nowSeconds)) {
          long low = memory.readLong(slot);
          long high = memory.readLong(slot + 8);
          put(find(high, low), high, low, memory.readLong(slot + 16), receivedSeconds(slot));
        }
      }
      size -= used - live;
      used = live;
      memory.freeMemory(oldAddress, oldSlots * SLOT_BYTES);
    }

    private boolean isLive(long slot, long nowSeconds) {
      return occupied(slot) && nowSeconds - receivedSeconds(slot) <= horizonSeconds;
    }

    void free() {
      if (address != 0) {
        memory.freeMemory(address, slots * SLOT_BYTES);
        address = 0;
        slots = 0;
      }
    }
  }
}
