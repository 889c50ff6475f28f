package dev.weir.metering.journal;

import java.util.function.IntToLongFunction;

/**
 * Keeps a void behind what it takes back. Lanes are read one beside the other, and the two may lie in
 * different ones when the number of lanes has changed between them.
 */
public final class VoidOrder {

  private VoidOrder() {}

  /**
   * Whether everything that this frame's voids take back in other lanes has been folded. Cost: one step a
   * record.
   *
   * @param folded the last sequence of a lane that has been folded
   */
  public static boolean allows(Frame frame, IntToLongFunction folded) {
    boolean[] allowed = {true};
    frame.forEach(record -> {
      VoidedRecord voided = record.isVoid() ? VoidedRecord.of(record) : null;
      if (voided != null && voided.lane() != frame.lane()) {
        allowed[0] &= voided.sequence() <= folded.applyAsLong(voided.lane());
      }
    });
    return allowed[0];
  }
}
