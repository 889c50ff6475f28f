/**
 * From journal to windows: tails the lanes from the committed position, folds events into minute
 * windows in memory, and writes deltas and position in one transaction. Closed windows are rolled up to
 * hours and days of UTC; what comes late, or is taken back, is added to every grain that has it.
 *
 * <p>Invariants: a lane's position moves only from the value it was read at (a fence: a second writer
 * loses); nothing is folded that is not flushed; normal running and recovery are the same code; order
 * and grouping of events never change a window, and voids leave, row for row, what they did not take back.
 * Every window before {@code usage_rollup.hours_to} is in the hours, every one before {@code days_to} in the
 * days, and none before {@code minutes_from} in the minutes: whoever writes holds those rows, and windows
 * are written through {@link dev.weir.metering.aggregate.GrainWriter} only. All tables follow from the
 * journal; {@code CALL weir_forget_windows()} empties them, and the next start folds them anew.
 *
 * <p>Watermarks move in the transaction that writes what they promise, one step after the other; a crash
 * between two steps leaves a state that every writer and every query takes for what it is. A step first
 * closes what it is going to put together; from then on flushes note in {@code usage_late} what they change
 * of it, and the step puts that together once more before it moves the watermark. So a flush waits for the
 * end of a step only, however long the step is. Minutes go only by whole months that are in the days, and
 * never those of what is still to be billed.
 *
 * <p>Locks are taken in this order, by everybody: lane positions, {@code usage_closing}, {@code usage_rollup},
 * then the tables of minutes, windows first. A month is made or dropped under the locks of all three; who
 * reads names {@code usage_windows} first.
 *
 * <p>A MIN, MAX or LATEST window from which an event is taken back is folded anew from the window's other
 * events. For that, a void must be folded after the event it takes back; everything else may come in any
 * order.
 *
 * <p>Times: a window starts at a whole minute of event time, or of the start of the event's day where a
 * meter of levels counts by days. An hour is closed two hours after it ended, by the clock and by the
 * newest event.
 */
@NullMarked
package dev.weir.metering.aggregate;

import org.jspecify.annotations.NullMarked;
