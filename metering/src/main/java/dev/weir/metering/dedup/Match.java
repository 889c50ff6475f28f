package dev.weir.metering.dedup;

/** What a volume says of an identity. */
enum Match {
  ABSENT,
  /** Held, with the same payload. */
  SAME,
  /** Held, with another payload. */
  OTHER
}
