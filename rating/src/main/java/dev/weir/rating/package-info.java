/**
 * Usage to money.
 *
 * <p>Owns: money, prices, customers, plans and their rate cards, subscriptions with their billing
 * periods, and the bill of a period. Knows nothing of invoices or HTTP.
 *
 * <p>Invariants: amounts are exact decimals until a named rounding is applied, and what was rounded
 * is shown beside what it was; the steps of a charge add up to its amount; a plan version never
 * changes; the billing periods of a subscription tile the time line.
 *
 * <p>This level holds what the packages below share: {@link dev.weir.rating.Money}, {@link
 * dev.weir.rating.Rounding}, {@link dev.weir.rating.RatingError}, {@link dev.weir.rating.Slice}.
 */
@NullMarked
package dev.weir.rating;

import org.jspecify.annotations.NullMarked;
