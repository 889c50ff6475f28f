/**
 * What a period costs: rate cards and quantities in, lines and a total out.
 *
 * <p>Meaning: a line's {@code amount} is exact; its {@code roundedAmount} is that amount in the
 * currency's own decimals, halves away from zero; the total is the sum of the rounded amounts, so what
 * a customer adds up by hand is what is due.
 *
 * <p>Invariants: calculating is pure; the same plan version, quantities and period give the same
 * bill. A customer without subjects has no usage.
 *
 * <p>Times: a bill covers {@code [from, to)}; {@code asOf} is when it was calculated, by the injected
 * clock.
 */
@NullMarked
package dev.weir.rating.bill;

import org.jspecify.annotations.NullMarked;
