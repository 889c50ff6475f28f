package dev.weir.metering.explorer.run;

import dev.weir.metering.Invariant;

/**
 * Which part of a cycle's file a run tells of.
 *
 * @param firstSequence of its records
 * @param lastSequence one less than the first when it has no records
 * @param fromOffset where the stretch begins: 0, or where the one before it ends
 * @param toOffset where the document after its last frame begins
 * @param endsCycle whether no frame will ever follow in this cycle
 */
public record Stretch(
    int lane,
    int cycle,
    long firstSequence,
    long lastSequence,
    long fromOffset,
    long toOffset,
    boolean endsCycle) {

  public Stretch {
    Invariant.check(fromOffset >= 0 && toOffset >= fromOffset, "offsets of a stretch ascend");
    Invariant.check(lastSequence >= firstSequence - 1, "sequences of a stretch ascend");
  }

  public boolean holds(long sequence) {
    return sequence >= firstSequence && sequence <= lastSequence;
  }

  public long records() {
    return lastSequence - firstSequence + 1;
  }

  /** Whether the other lies within this one. */
  boolean covers(Stretch other) {
    return other.fromOffset >= fromOffset
        && other.toOffset <= toOffset
        && (endsCycle || !other.endsCycle);
  }
}
