/**
 * Corrections: an event that was counted is taken back (void) or another takes its place (replace), at
 * any age, with a reason and an author.
 *
 * <p>Invariants: nothing journaled is ever changed; a correction is one or two further records, the void
 * carrying the content it takes back, the replacement following it in the same frame, so that both count
 * or neither; a record is taken back at most once; the identity stays known, so that the original sent
 * again is a duplicate and does not come back to life.
 *
 * <p>The receive time of a correction's records is when it was asked for; usage as known before that
 * time does not have it.
 */
@NullMarked
package dev.weir.metering.correction;

import org.jspecify.annotations.NullMarked;
