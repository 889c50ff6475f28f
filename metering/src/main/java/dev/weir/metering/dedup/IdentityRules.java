package dev.weir.metering.dedup;

import dev.weir.metering.Invariant;

/**
 * Bounds of one lane's index.
 *
 * @param identitiesMax how many identities may be held; beyond that new ones are refused
 * @param horizonSeconds how long an identity is remembered at least after it was received
 * @param volumeIdentities after how many identities a volume is frozen
 * @param volumeSeconds after what span of receive times a volume is frozen; an identity may be
 *     remembered that much longer than the horizon
 * @param unsealedMax how many frozen volumes may wait to be sealed; with one more full, new identities
 *     are refused
 */
public record IdentityRules(
    long identitiesMax,
    long horizonSeconds,
    int volumeIdentities,
    long volumeSeconds,
    int unsealedMax) {

  /** A horizon that is never reached. */
  public static final long UNLIMITED_SECONDS = Long.MAX_VALUE;

  private static final int VOLUME_IDENTITIES_MIN = 1 << 10;
  private static final int VOLUME_IDENTITIES_USUAL = 1 << 20;
  private static final int VOLUME_IDENTITIES_MAX = 1 << 26;
  private static final int VOLUMES_IN_HORIZON = 32;
  private static final int VOLUMES_IN_BOUND_USUAL = 64;
  private static final int VOLUMES_IN_BOUND_MAX = 1_024;
  private static final long VOLUME_SECONDS_UNLIMITED = 90 * 86_400L;
  private static final int UNSEALED_MAX = 4;

  public IdentityRules {
    Invariant.check(identitiesMax >= 1, "at least one identity is held");
    Invariant.check(horizonSeconds >= 1, "the horizon is at least a second");
    Invariant.check(volumeIdentities >= 1, "a volume holds identities");
    Invariant.check(volumeSeconds >= 1, "a volume spans at least a second");
    Invariant.check(unsealedMax >= 1, "at least one volume may wait to be sealed");
  }

  /**
   * Rules for a bound and a horizon: volumes of about a million identities, smaller where few are
   * allowed and larger where more than a thousand million are, and of a thirty-second of the horizon. A
   * volume that outgrows the one before it, as the first does, stops its lane each time it doubles: 0.3 s at
   * some tens of millions.
   */
  public static IdentityRules of(long identitiesMax, long horizonSeconds) {
    long usual = Math.min(VOLUME_IDENTITIES_USUAL, identitiesMax / VOLUMES_IN_BOUND_USUAL);
    long identities = Math.max(usual, identitiesMax / VOLUMES_IN_BOUND_MAX);
    return new IdentityRules(
        identitiesMax,
        horizonSeconds,
        (int) Math.min(VOLUME_IDENTITIES_MAX, Math.max(VOLUME_IDENTITIES_MIN, identities)),
        horizonSeconds == UNLIMITED_SECONDS
            ? VOLUME_SECONDS_UNLIMITED
            : Math.max(1, horizonSeconds / VOLUMES_IN_HORIZON),
        UNSEALED_MAX);
  }

  /** What was received before this second since 1970 is forgotten now; 0 when nothing is. */
  public long oldestSeconds(long nowSeconds) {
    return horizonSeconds == UNLIMITED_SECONDS ? 0 : Math.max(0, nowSeconds - horizonSeconds);
  }

  /** Whether what was received then is forgotten now. */
  public boolean isExpired(long receivedSeconds, long nowSeconds) {
    return nowSeconds - receivedSeconds > horizonSeconds;
  }
}
