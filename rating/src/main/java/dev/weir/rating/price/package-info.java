/**
 * Prices: a quantity in, a charge out. One file per model; everything here is pure, exact and
 * thread-safe.
 *
 * <p>Meaning. Tier bounds are inclusive above: with {@code upTo} 100 the hundredth unit belongs to
 * the tier and anything beyond it, however small, to the next. Quantities are decimals, so a tier
 * may hold a fraction of a unit. At zero usage the first tier's flat fee is billed unless the price
 * says {@code zeroUsageBillsFirstFlat: false}. A total below zero, which corrections can leave
 * behind, is rated as zero usage: a price never owes money back.
 *
 * <p>Modifiers apply in this order: usage discount, the model, percentage discount, maximum,
 * minimum, rounding.
 *
 * <p>Invariants: a price is valid once it exists; no price is negative; the amounts of a charge's
 * steps and adjustments add up to its amount, to the last digit.
 */
@NullMarked
package dev.weir.rating.price;

import org.jspecify.annotations.NullMarked;
