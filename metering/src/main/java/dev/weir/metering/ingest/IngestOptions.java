package dev.weir.metering.ingest;

import dev.weir.metering.Invariant;
import dev.weir.metering.dedup.IdentityRules;

/**
 * Bounds of ingest.
 *
 * @param lanes single writers; each has its own journal files and identity index
 * @param queuedRequestsMax requests that may wait, once for each lane they touch
 * @param queuedBytesMax bytes of records that may wait, once for each lane they touch
 * @param groupCommit which requests share a flush
 * @param reserveBytes free disk space below which events are refused
 * @param identitiesMax identities held by all lanes together
 * @param horizonDays for how long an identity is remembered at least; {@link #UNLIMITED} for ever
 */
public record IngestOptions(
    int lanes,
    int queuedRequestsMax,
    long queuedBytesMax,
    GroupCommit groupCommit,
    long reserveBytes,
    long identitiesMax,
    int horizonDays) {

  /** A horizon that is never reached. */
  public static final int UNLIMITED = 0;

  public static final IngestOptions DEFAULT =
      new IngestOptions(1, 4_096, 64L << 20, GroupCommit.DEFAULT, 512L << 20, 100_000_000L, 35);

  public IngestOptions {
    Invariant.check(lanes >= 1 && lanes <= 64, "lanes must be 1 to 64");
    Invariant.check(horizonDays >= 0, "the horizon is days, or 0 for unlimited");
  }

  /** The bounds of each lane's index. */
  IdentityRules identityRules() {
    return IdentityRules.of(
        Math.max(1, identitiesMax / lanes),
        horizonDays == UNLIMITED ? IdentityRules.UNLIMITED_SECONDS : horizonDays * 86_400L);
  }
}
