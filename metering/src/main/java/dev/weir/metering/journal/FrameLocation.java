package dev.weir.metering.journal;

import dev.weir.metering.Invariant;

/**
 * Where a frame lies: a cycle's file and the offset of the frame's document in it.
 *
 * @param cycle hours since 1970, one file each
 * @param offset of the document's header, a multiple of 4; 0 means somewhere in the cycle, as no frame
 *     begins there
 */
public record FrameLocation(int cycle, long offset) {

  private static final int OFFSET_BITS = 40;
  private static final long OFFSET_MASK = (1L << OFFSET_BITS) - 1;

  public FrameLocation {
    Invariant.check(cycle >= 0 && cycle < 1 << 23, "cycle out of range");
    Invariant.check(
        offset >= 0 && (offset & 3) == 0 && offset >> 2 <= OFFSET_MASK, "offset out of range");
  }

  /** The same in one positive number that sorts by place. */
  public long packed() {
    return ((long) cycle << OFFSET_BITS) | (offset >> 2);
  }

  public static FrameLocation of(long packed) {
    return new FrameLocation((int) (packed >> OFFSET_BITS), (packed & OFFSET_MASK) << 2);
  }
}
