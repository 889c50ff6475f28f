/**
 * Usage as queried: totals and windows of a meter, exact, read from the minute windows in PostgreSQL.
 *
 * <p>Invariants: ranges are half-open and lie on whole minutes; a window belongs to the range if its
 * minute starts inside it; zones decide only where hours, days and months begin.
 */
@NullMarked
package dev.weir.metering.usage;

import org.jspecify.annotations.NullMarked;
