/**
 * Hours and days of UTC, put together from closed minute windows, and the months that minutes lie in: they
 * are made here before they are needed, and dropped when they are no longer kept.
 *
 * <p>Invariants: every window before {@code usage_rollup.hours_to} is in the hours, every one before
 * {@code days_to} in the days, and none before {@code minutes_from} in the minutes. Whoever writes windows
 * holds off that they are closed, and where some are, those watermarks.
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
 * reads names {@code usage_windows} first. One exception: a step reads the minutes before it holds {@code
 * usage_rollup}; where a month is being made meanwhile, whoever makes it gives way after two seconds and the
 * month's rows wait in the default partition.
 *
 * <p>Times: all are minutes since 1970 where a window starts. An hour is closed two hours after it ended, by
 * the clock and by the newest event.
 */
@NullMarked
package dev.weir.metering.rollup;

import org.jspecify.annotations.NullMarked;
