package dev.weir.metering.dedup;

import dev.weir.metering.Invariant;

/**
 * Sequences of a journal lane that end with a frame.
 *
 * @param first the first sequence
 * @param last the last sequence, where a frame ends
 * @param location of that frame, for a reader to go on after it
 */
public record Stretch(long first, long last, long location) {

  public Stretch {
    Invariant.check(first >= 1 && last >= first, "a stretch has sequences");
  }
}
