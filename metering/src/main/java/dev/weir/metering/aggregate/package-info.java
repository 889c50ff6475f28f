/**
 * From journal to windows: tails the lanes from the committed position, folds events into minute
 * windows in memory, and writes deltas and position in one transaction. What comes late, or is taken back,
 * is added to every grain that has it: minutes, and the hours and days of
 * {@link dev.weir.metering.rollup}, which knows nothing of this package.
 *
 * <p>Invariants: a lane's position moves only from the value it was read at (a fence: a second writer
 * loses); nothing is folded that is not flushed; normal running and recovery are the same code; order
 * and grouping of events never change a window, and voids leave, row for row, what they did not take back.
 * Whoever writes windows holds how far they are rolled up: they are written through
 * {@link dev.weir.metering.aggregate.GrainWriter} only. Lane positions are locked before anything of the
 * rollups. All tables follow from the journal; {@code CALL weir_forget_windows()} empties them, and the next
 * start folds them anew.
 *
 * <p>A MIN, MAX or LATEST window from which an event is taken back is folded anew from the window's other
 * events. For that, a void must be folded after the event it takes back; everything else may come in any
 * order.
 *
 * <p>Times: a window starts at a whole minute of event time, or of the start of the event's day where a
 * meter of levels counts by days.
 */
@NullMarked
package dev.weir.metering.aggregate;

import org.jspecify.annotations.NullMarked;
