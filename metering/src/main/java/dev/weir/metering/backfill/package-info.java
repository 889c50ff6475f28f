/**
 * Usage counted anew from the journal, for a meter that is new or has changed, while events keep coming.
 *
 * <p>A backfill keeps its usage apart, under its own id, so that nobody sees it before it is whole. When
 * it is asked for, between two frames, the journal's flushed position is noted: what comes later is
 * counted for the backfill as it comes, like for any meter (its shadow); what came before, a worker reads
 * from the journal. When both meet, again between two frames, one update of the meter's row puts the new
 * usage, and the definition it was counted by, in the place of the old. What nobody shows any more is
 * removed in small steps, when no transaction is left that may be reading it.
 *
 * <p>Invariants: every event up to the noted position is counted once by the worker, every later one once
 * by the aggregator; usage and progress of a portion are written in one transaction, and progress moves
 * only from where it was read (a fence: a second worker loses), so that a crash at any moment repeats
 * nothing and leaves nothing out; a meter has at most one unfinished backfill; an ended backfill that did
 * not complete leaves no usage behind.
 *
 * <p>Times: {@code from} and {@code completeFrom} are times of receipt, as the journal is kept by these;
 * created, started, updated and ended are times of the backfill itself; working time is what a worker
 * spent on it, over all restarts.
 */
@NullMarked
package dev.weir.metering.backfill;

import org.jspecify.annotations.NullMarked;
