/**
 * Usage as it was known earlier: at a position of the journal, or at a time. What had not been received
 * then does not count, and what was voided later does.
 *
 * <p>Invariants: the events are read back from the journal and folded by the code that folds them when
 * they come; the same question gives the same answer for ever; memory is bounded whatever is asked.
 *
 * <p>A time here is compared with receive times: when the request that brought a record began.
 */
@NullMarked
package dev.weir.metering.asof;

import org.jspecify.annotations.NullMarked;
