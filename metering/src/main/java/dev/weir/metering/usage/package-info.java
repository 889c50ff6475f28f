/**
 * Usage as queried: totals and windows of a meter, exact, read from the windows in PostgreSQL: whole days
 * from the days, whole hours from the hours, the rest from the minutes. Which of them answer changes the
 * cost, never the answer.
 *
 * <p>Invariants: ranges are half-open and lie on whole seconds; fractions of a second are dropped. Where
 * they lie on whole minutes, windows alone answer; where not, {@code PartialUsage} says which events the
 * windows have too much or too little of. Zones decide only where hours, days and months begin. Where minutes are no
 * longer kept and a boundary lies within an hour of UTC, the question is refused, never answered roughly.
 * A value is divided and rounded once, at the end.
 *
 * <p>A level goes on through all time, so that it costs what its windows before the range cost too: one row
 * a day and series for WEIGHTED_SUM, and for WEIGHTED_UNIQUE_COUNT one for every operation on a key there
 * ever was, as which of them changed anything follows from all.
 */
@NullMarked
package dev.weir.metering.usage;

import org.jspecify.annotations.NullMarked;
