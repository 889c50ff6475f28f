package dev.weir.metering.ingest;

import dev.weir.metering.Invariant;

/**
 * Bounds of ingest.
 *
 * @param lanes single writers; each has its own journal files and identity index
 * @param queuedRequestsMax requests that may wait, once for each lane they touch
 * @param queuedBytesMax bytes of records that may wait, once for each lane they touch
 * @param batchBytesMax bytes of records after which a batch is flushed without gathering more
 * @param reserveBytes free disk space below which events are refused
 * @param identitiesMax identities held by all lanes together
 * @param horizonDays for how long an identity is remembered
 */
public record IngestOptions(
    int lanes,
    int queuedRequestsMax,
    long queuedBytesMax,
    int batchBytesMax,
    long reserveBytes,
    long identitiesMax,
    int horizonDays) {

  public static final IngestOptions DEFAULT =
      new IngestOptions(1, 4_096, 64L << 20, 4 << 20, 512L << 20, 100_000_000L, 35);

  public IngestOptions {
    Invariant.check(lanes >= 1 && lanes <= 64, "lanes must be 1 to 64");
    Invariant.check(horizonDays >= 1, "the horizon is at least a day");
  }

  public long horizonSeconds() {
    return horizonDays * 86_400L;
  }
}
