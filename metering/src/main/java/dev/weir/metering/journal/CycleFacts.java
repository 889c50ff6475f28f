package dev.weir.metering.journal;

import dev.weir.metering.Invariant;

/**
 * What a cycle's file holds, found by reading every byte of it.
 *
 * @param frames without those that a repair has voided
 * @param firstSequence 0 when there is no record
 * @param bytes up to the end of the last document or, if there is one, of the end mark
 * @param crc32c of those bytes
 */
public record CycleFacts(
    int lane,
    int cycle,
    long frames,
    long records,
    long firstSequence,
    long bytes,
    int crc32c,
    Times times) {

  /** The earliest and latest of the events and of their receipt: inclusive, nanoseconds since 1970. */
  public record Times(
      long eventFromNanos, long eventToNanos, long receivedFromNanos, long receivedToNanos) {

    public static final Times NONE = new Times(0, 0, 0, 0);
  }

  public CycleFacts {
    Invariant.check(
        records >= 0 && frames >= 0 && bytes >= 0 && (records == 0) == (firstSequence == 0),
        "facts of a cycle that cannot be");
  }

  /** 0 when there is no record. */
  public long lastSequence() {
    return records == 0 ? 0 : firstSequence + records - 1;
  }
}
