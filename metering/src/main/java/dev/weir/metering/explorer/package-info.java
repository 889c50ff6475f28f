/**
 * Finds journaled events again: by subject and time, by tenant and time, by id, or as they arrive.
 *
 * <p>Owns the index: entries are gathered in memory as frames are flushed and are searchable at once;
 * when there are enough of them, when a cycle ends and when the process stops they become a run beside
 * the cycle (see {@link dev.weir.metering.explorer.run}); runs of an ended cycle are merged into one.
 * What a run should tell and does not, because it is missing or damaged, is a gap, which a thread fills
 * from the journal, newest first.
 *
 * <p>Invariants: the index holds nothing that does not follow from the journal, and nothing beyond what
 * is flushed; it only proposes records, and what is given out was read from the journal, checked, and
 * compared with what was asked for, tenant first; a search either covers everything that was flushed
 * when it was asked, or is refused, or says that it does not; searching never holds up ingest.
 *
 * <p>Times: event time orders lists; the received time, when the request began, is what an event was
 * ingested at; a correction's received time is when it was asked for.
 */
@NullMarked
package dev.weir.metering.explorer;

import org.jspecify.annotations.NullMarked;
