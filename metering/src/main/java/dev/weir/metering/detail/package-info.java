/**
 * Questions finer than the windows that usage is kept in: ranges that begin or end within a minute, and
 * running totals from event to event.
 *
 * <p>Invariants: what is read of single events is what the windows hold at the same moment, as both are
 * read at one position of the journal; an answer is exact or refused. Of the journal are read, by the event
 * index, only the seconds that windows have too much or too little of: at most half a minute at each end,
 * a whole one where the aggregation cannot take events back. Work and memory are bounded whatever is asked.
 *
 * <p>Times here are event times, in whole seconds where a range is given; where files of the journal are
 * gone for good, what could have been received then is refused, taking events to be dated no later than
 * they were received.
 */
@NullMarked
package dev.weir.metering.detail;

import org.jspecify.annotations.NullMarked;
