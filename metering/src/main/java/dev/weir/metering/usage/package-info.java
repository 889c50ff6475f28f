/**
 * Usage as queried: totals and windows of a meter, exact, read from the windows in PostgreSQL: whole days
 * from the days, whole hours from the hours, the rest from the minutes. Which of them answer changes the
 * cost, never the answer.
 *
 * <p>Invariants: ranges are half-open and lie on whole minutes; a window belongs to the range if its
 * minute starts inside it; zones decide only where hours, days and months begin. Where minutes are no
 * longer kept and a boundary lies within an hour of UTC, the question is refused, never answered roughly.
 * A value is divided and rounded once, at the end.
 */
@NullMarked
package dev.weir.metering.usage;

import org.jspecify.annotations.NullMarked;
