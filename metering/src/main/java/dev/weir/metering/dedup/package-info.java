/**
 * Exact deduplication: which event identities have been journaled within the horizon.
 *
 * <p>An identity is the 128-bit keyed hash of (tenant, source, id), whatever the event's time. A lane's
 * {@link dev.weir.metering.dedup.IdentityIndex} consists of a table in memory, about 8 bytes an identity, that says in
 * which volumes an identity may be, and of volumes that know it exactly. The newest volume grows in
 * memory. When it is full or old, it is frozen between two frames, and a background thread writes it as
 * a sealed segment of about 18 bytes an identity beside the journal's cycles; the next volume takes its
 * memory. A volume covers a stretch of one journal lane's sequences without a gap to the one before. The table is
 * rebuilt from the segments at each start, and from the journal where a segment is missing or damaged.
 *
 * <p>Invariants: only what is flushed to the journal is sealed; a segment counts only when it is complete,
 * forced, and under its name; everything in it is checked by CRC32C when it is loaded and when it is
 * looked up; nothing is decided on less than the whole identity; what cannot be read is refused, never
 * guessed. All of it is derived from the journal and can be thrown away. One lane writes one index.
 *
 * <p>Of the payload hash a segment keeps 32 of 64 bits: of 2^32 conflicts with an event in it, one is
 * taken for a duplicate. Neither is counted, so that no total depends on it.
 *
 * <p>Times here are receive times in whole seconds. A volume expires as a whole when its newest identity
 * does; so an identity is remembered for the horizon at least, and at most for the span of receive times of
 * a volume longer (a thirty-second of the horizon while events come in). A clock that goes back forgets
 * nothing; one that goes ahead beyond the horizon forgets what it must take for old.
 */
@NullMarked
package dev.weir.metering.dedup;

import org.jspecify.annotations.NullMarked;
