package dev.weir.invoicing.run;

import dev.weir.metering.Invariant;

/**
 * Bounds of a run.
 *
 * @param subscriptionsAtOnce billed side by side; each holds a database connection
 * @param subscriptionsPerBatch read into memory at a time
 * @param usageTimeoutMillis how long to wait for usage to be visible
 * @param retryMillis pause after the database was away; doubles up to {@code retryMillisMax}
 */
public record RunLimits(
    int subscriptionsAtOnce,
    int subscriptionsPerBatch,
    long usageTimeoutMillis,
    long retryMillis,
    long retryMillisMax) {

  public static final RunLimits STANDARD = new RunLimits(4, 256, 600_000, 500, 30_000);

  public RunLimits {
    Invariant.check(
        subscriptionsAtOnce > 0
            && subscriptionsPerBatch > 0
            && usageTimeoutMillis > 0
            && retryMillis > 0
            && retryMillisMax >= retryMillis,
        "the limits of a run are positive");
  }
}
