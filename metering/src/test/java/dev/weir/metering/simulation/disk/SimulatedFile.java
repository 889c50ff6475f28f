package dev.weir.metering.simulation.disk;

import java.util.Arrays;
import java.util.BitSet;
import java.util.SplittableRandom;

/** One file's two contents: what processes see, and what a power cut would leave. */
final class SimulatedFile {

  static final int SECTOR_BYTES = 512;

  private byte[] cache = new byte[4 * 1024];
  private int size;
  private byte[] platter = new byte[4 * 1024];
  private int platterSize;

  /** Sectors whose contents differ, as far as the kernel remembers. */
  private final BitSet dirty = new BitSet();

  /** Sectors that were ever brought to the platter. */
  private final BitSet written = new BitSet();

  int size() {
    return size;
  }

  byte[] cache() {
    return cache;
  }

  boolean isDirty() {
    return !dirty.isEmpty() || size != platterSize;
  }

  void write(byte[] bytes, int from, int length, int at) {
    int end = Math.addExact(at, length);
    if (end > cache.length) {
      cache = Arrays.copyOf(cache, Math.max(end, cache.length * 2));
    }
    System.arraycopy(bytes, from, cache, at, length);
    size = Math.max(size, end);
    if (length > 0) {
      dirty.set(at / SECTOR_BYTES, (end - 1) / SECTOR_BYTES + 1);
    }
  }

  /** Takes effect on both contents at once: nothing under test relies on less. */
  void truncate(int newSize) {
    if (newSize < size) {
      Arrays.fill(cache, newSize, size, (byte) 0);
      size = newSize;
    }
    if (newSize < platterSize) {
      Arrays.fill(platter, newSize, platterSize, (byte) 0);
      platterSize = newSize;
    }
  }

  /** Brings everything to the platter. */
  void force() {
    dirty.stream().forEach(this::writeBack);
    dirty.clear();
    setPlatterSize(size);
  }

  /** Brings some sectors to the platter and takes all for written, as a kernel does after an error. */
  void failForce(SplittableRandom random) {
    writeBackSome(random);
    dirty.clear();
  }

  /** Brings some sectors to the platter, as a kernel may at any time. */
  void writeBackSome(SplittableRandom random) {
    dirty.stream().filter(sector -> random.nextBoolean()).forEach(this::writeBack);
    BitSet left = new BitSet();
    dirty.stream().filter(sector -> !sameOnPlatter(sector)).forEach(left::set);
    dirty.and(left);
  }

  private boolean sameOnPlatter(int sector) {
    int from = sector * SECTOR_BYTES;
    int to = Math.min(size, from + SECTOR_BYTES);
    return to <= platterSize && Arrays.equals(cache, from, to, platter, from, to);
  }

  private void writeBack(int sector) {
    int from = sector * SECTOR_BYTES;
    int to = Math.min(size, from + SECTOR_BYTES);
    put(sector, cache, from, Math.max(0, to - from));
  }

  private void put(int sector, byte[] source, int sourceFrom, int length) {
    int at = sector * SECTOR_BYTES;
    if (at + length > platter.length) {
      platter = Arrays.copyOf(platter, Math.max(at + length, platter.length * 2));
    }
    System.arraycopy(source, sourceFrom, platter, at, length);
    platterSize = Math.max(platterSize, at + length);
    written.set(sector);
  }

  /** The power goes: of what was not forced any sectors remain, and fresh ones may be torn. */
  void cutPower(SplittableRandom random, PowerCut kind) {
    for (int sector = dirty.nextSetBit(0); sector >= 0; sector = dirty.nextSetBit(sector + 1)) {
      switch (kind) {
        case NOTHING_REMAINS -> {}
        case ALL_REMAINS -> writeBack(sector);
        case SECTORS_REMAIN -> {
          if (random.nextBoolean()) {
            writeBack(sector);
          }
        }
        case TORN -> tear(sector, random);
      }
      if (kind == PowerCut.TORN) {
        break;
      }
    }
    // The length is metadata: it may have come to the platter without the data.
    if (platterSize < size && random.nextBoolean()) {
      setPlatterSize(random.nextInt(platterSize, size + 1));
    }
    cache = platter.clone();
    size = platterSize;
    dirty.clear();
  }

  /** The last that is written before the lights go out, and none of what follows. */
  private void tear(int first, SplittableRandom random) {
    int sector = first;
    while (dirty.get(sector + 1) && random.nextInt(3) > 0) {
      writeBack(sector++);
    }
    int from = sector * SECTOR_BYTES;
    int length = Math.min(size, from + SECTOR_BYTES) - from;
    if (written.get(sector) || length <= 0) {
      return;
    }
    byte[] torn = Arrays.copyOfRange(cache, from, from + length);
    int soundBytes = random.nextInt(length + 1);
    boolean garbled = random.nextBoolean();
    for (int i = soundBytes; i < length; i++) {
      torn[i] = garbled ? (byte) random.nextInt() : 0;
    }
    put(sector, torn, 0, length);
  }

  private void setPlatterSize(int newSize) {
    if (newSize > platter.length) {
      platter = Arrays.copyOf(platter, Math.max(newSize, platter.length * 2));
    }
    platterSize = newSize;
  }

  /** Whether a power cut now would leave this range as it is. */
  boolean isDurable(int from, int to) {
    return to <= platterSize && to <= size && Arrays.equals(cache, from, to, platter, from, to);
  }
}
