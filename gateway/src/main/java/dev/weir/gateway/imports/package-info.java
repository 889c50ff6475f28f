/**
 * {@code ./weir import}: files of usage, CSV or newline-delimited JSON, sent as events to a running
 * Weir over its HTTP API.
 *
 * <p>Owns: what a file's columns or properties mean, the ids of events that have none, how far a file
 * is acknowledged, and the rows that were not taken.
 *
 * <p>Invariants: a file is read row by row, and memory is a few batches, whatever its size. A row's
 * event, its id included, depends only on the file's content and the mapping, so that sending it again
 * is recognised as a duplicate and bills nothing twice. What the state file says is acknowledged was
 * acknowledged; it lags behind, never ahead, and is replaced atomically, after the rejected rows it
 * counts are on disk. Every row ends up in exactly one count: accepted, duplicate, conflict, rejected.
 * The key is never printed or written down.
 *
 * <p>Times: an event's time is what its row says; the clock only measures how long things took and
 * when to save the state.
 */
@NullMarked
package dev.weir.gateway.imports;

import org.jspecify.annotations.NullMarked;
