/**
 * From journal to windows: tails the lanes from the committed position, folds events into minute
 * windows in memory, and writes deltas and position in one transaction.
 *
 * <p>Invariants: a lane's position moves only from the value it was read at (a fence: a second writer
 * loses); nothing is folded that is not flushed; normal running and recovery are the same code; order
 * and grouping of events never change a window.
 *
 * <p>Times: a window starts at a whole minute of event time.
 */
@NullMarked
package dev.weir.metering.aggregate;

import org.jspecify.annotations.NullMarked;
