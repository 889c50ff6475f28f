/**
 * What a meter is: which events it counts, which value it takes from them, how it aggregates and by
 * which dimensions it groups.
 *
 * <p>Invariants: a meter's event type, aggregation, value property, filter, group-by and options never
 * change once created (they decide what past usage means); descriptions may.
 */
@NullMarked
package dev.weir.metering.meter;

import org.jspecify.annotations.NullMarked;
