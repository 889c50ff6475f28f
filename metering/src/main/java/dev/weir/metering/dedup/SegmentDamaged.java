package dev.weir.metering.dedup;

/** A sealed segment cannot be used; the message says why. It is made anew from the journal. */
final class SegmentDamaged extends Exception {

  SegmentDamaged(String reason) {
    super(reason);
  }
}
