/**
 * A generated month of LLM API traffic.
 *
 * <p>Owns: the generator, its mix of customers and models, its calendar of busy hours, the faults it
 * weaves in (duplicates, conflicts, events that must be rejected) and the totals that must come out.
 *
 * <p>Invariants: the same seed and count give the same bytes, also of any one event again,
 * so that an earlier one is repeated without being held; the totals are plain {@code long} sums that
 * fail on overflow.
 *
 * <p>Times: an event's time is when the call would have happened, drawn from the calendar.
 */
@NullMarked
package dev.weir.gateway.demo.traffic;

import org.jspecify.annotations.NullMarked;
