/**
 * Exact deduplication: which event identities have been journaled within the horizon.
 *
 * <p>Invariants: an identity is the 128-bit keyed hash of (tenant, source, id), whatever the event's
 * time; the index is derived from the journal and can be thrown away and rebuilt from it; one lane
 * writes one index. Times here are receive times in whole seconds, by which identities expire.
 */
@NullMarked
package dev.weir.metering.dedup;

import org.jspecify.annotations.NullMarked;
