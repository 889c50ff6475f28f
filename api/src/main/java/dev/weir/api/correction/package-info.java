/**
 * Taking events back: {@code /api/v1/events/…/void} and {@code /replace}, for one event or many.
 *
 * <p>Owns the shapes of what is asked and of each correction's outcome. What may be taken back, and how it
 * stops counting, is {@link dev.weir.metering.correction}'s business.
 *
 * <p>Invariants: nothing is corrected without a reason and without the name of the caller; of many
 * corrections each has its own outcome, in the order in which they were asked for, while the only one of a
 * request that cannot be made is refused as a whole.
 *
 * <p>No times are given or taken but inside an event; a correction counts from when it was received.
 */
@NullMarked
package dev.weir.api.correction;

import org.jspecify.annotations.NullMarked;
