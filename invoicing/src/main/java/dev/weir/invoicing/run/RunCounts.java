package dev.weir.invoicing.run;

import org.jspecify.annotations.Nullable;

/**
 * How far a run got.
 *
 * @param due subscriptions that were due when it began; null before that is known
 * @param invoiced boundaries that became invoices (in a dry run: would have)
 * @param empty boundaries passed without an invoice
 * @param parked subscriptions whose bill was refused
 * @param failed subscriptions whose bill failed for a reason of its own
 */
public record RunCounts(@Nullable Long due, long invoiced, long empty, long parked, long failed) {}
