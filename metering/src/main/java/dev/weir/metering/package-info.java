/**
 * Events in, usage out.
 *
 * <p>Owns: what an event is, what a meter is, the journal, deduplication, aggregation into minute
 * windows, and usage queries. Knows nothing of prices, currencies or HTTP.
 *
 * <p>Invariants: an acknowledged event is flushed, unique and recorded; the journal is the only
 * truth for usage; order of arrival never changes a total; every value is an exact decimal.
 *
 * <p>The types at this level are shared by every module to the right: {@link
 * dev.weir.metering.Quantity}, {@link dev.weir.metering.Refusal}, {@link dev.weir.metering.Ids}.
 */
@NullMarked
package dev.weir.metering;

import org.jspecify.annotations.NullMarked;
