package dev.weir.invoicing.run;

import io.vertx.core.Future;

/**
 * Waits for acknowledged usage to reach the usage windows. Metering supplies it: the journal's end at
 * the call, against the position the aggregator has committed.
 */
@FunctionalInterface
public interface UsageBarrier {

  /** Completes when everything acknowledged before the call is visible to usage queries. */
  Future<Void> awaitVisible();
}
