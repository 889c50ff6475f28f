/**
 * Ingest: single-writer lanes that deduplicate, journal, flush and only then answer.
 *
 * <p>Invariants: an event goes to the lane that its identity's hash names, so deduplication needs no
 * locks; while one flush runs, the next batch gathers; nothing is queued beyond the bounds; after a
 * failed flush a lane answers nothing but refusals until the process is started again. What has no room
 * among the identities is refused by whole requests of a lane, of which nothing new is taken.
 */
@NullMarked
package dev.weir.metering.ingest;

import org.jspecify.annotations.NullMarked;
