/**
 * The billing run: closes the periods of all due subscriptions of a tenant into invoices.
 *
 * <p>A subscription's <em>boundaries</em> are numbered from 0: boundary 0 is its start, boundary
 * {@code k} the end of period {@code k - 1}. At each boundary at most one invoice falls due: usage and
 * in-arrears fees of the period that ended, in-advance fees of the one that begins. Boundary 0 without
 * in-advance fees has nothing to bill and is passed without an invoice (<em>empty</em>); any later
 * boundary is invoiced even if every line is zero, so that a customer sees that the period was closed.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>One boundary is one transaction: lock the subscription, look again whether it is due, read
 *       usage, compute, write draft and items, advance the subscription, take the number. Whatever
 *       interrupts a run, every boundary is either wholly billed or untouched, so a run may be
 *       repeated or resumed at will and bills nothing twice.
 *   <li>A run's counts are sums over rows written in those same transactions, never counters in
 *       memory, so that a resumed run reports what an undisturbed one would have.
 *   <li>One run per tenant at a time. No boundary after {@code until}, and {@code until} never in the
 *       future: a period that is not over cannot be billed.
 *   <li>Usage acknowledged before the run started is visible before the first boundary is billed.
 *   <li>A subscription whose bill is refused, or fails for a reason of its own, is <em>parked</em> with
 *       the reason; the others go on, and the next run tries it again. A database that is away parks
 *       nobody: the run waits for it.
 *   <li>A dry run computes the same and writes only its own report.
 * </ul>
 *
 * <p>Times: {@code until} is the instant up to which (inclusive) boundaries are billed; {@code
 * createdAt} when the run was asked for, {@code startedAt} when its work first began, {@code
 * finishedAt} when it was done or had failed; all from the injected clock.
 */
@NullMarked
package dev.weir.invoicing.run;

import org.jspecify.annotations.NullMarked;
