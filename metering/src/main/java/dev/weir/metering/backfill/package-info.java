/**
 * Usage counted anew from the journal, for a meter that is new or has changed, while events keep coming.
 *
 * <p>A backfill keeps its usage apart, under its own id, so that nobody sees it before it is whole. A
 * worker reads the journal from its beginning to where the visible windows are, and on, as they move. When
 * little is left, aggregation pauses between two frames: what it holds is written, the worker's rest is
 * counted up to that very position, and one transaction puts the new usage, and the definition it was
 * counted by, in the place of the old. From the next frame on events count for the new. What nobody shows
 * any more is removed in small steps, when no transaction is left that may be reading it.
 *
 * <p>Invariants: until the switch only the worker writes the backfill's usage, after it only the
 * aggregator does, and the position of the switch is where both meet, so that every event counts once;
 * usage and progress of a portion are written in one transaction, and progress moves only from where it
 * was read (a fence: a second worker loses), so that a crash at any moment repeats nothing and leaves
 * nothing out; a meter has at most one unfinished backfill; an ended backfill that did not complete leaves
 * no usage behind.
 *
 * <p>Times: {@code from} and {@code completeFrom} are times of receipt, as the journal is kept by these;
 * created, started, updated and ended are times of the backfill itself; working time is what a worker
 * spent on it, over all restarts.
 */
@NullMarked
package dev.weir.metering.backfill;

import org.jspecify.annotations.NullMarked;
