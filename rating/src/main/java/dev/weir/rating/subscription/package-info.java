/**
 * A customer on a plan version, and the periods it is billed for.
 *
 * <p>Billing model: boundary 0 is the start, boundary k ends period k-1 and begins period k. At
 * boundary 0 the fees in advance of period 0 are due; at boundary k one invoice is due with the usage
 * and the fees in arrears of period k-1 and the fees in advance of period k. A subscription keeps the
 * next boundary that has not been billed; one without fees in advance begins at boundary 1.
 *
 * <p>Invariants: the periods of a subscription are half-open, lie on whole minutes and tile the time
 * line from its start; the zone and cycle that decide them never change once it is created; its plan
 * version, currency and cycle agree.
 *
 * <p>Times: {@code startedAt} is the anchor of all periods, cut to the minute; {@code
 * nextBoundaryAt} is the instant at which the next invoice falls due; {@code createdAt} is when we
 * stored it.
 */
@NullMarked
package dev.weir.rating.subscription;

import org.jspecify.annotations.NullMarked;
