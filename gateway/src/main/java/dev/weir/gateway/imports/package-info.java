/**
 * {@code ./weir import}: files of usage, CSV or newline-delimited JSON, sent as events to a running
 * Weir over its HTTP API.
 *
 * <p>Owns the command, its options, and a file's way to the server: rows are filled into batches, several are
 * under way at once, and their answers are put back in the order of the file. What a row's event is made of is
 * {@link dev.weir.gateway.imports.mapping}'s, reading it is {@link dev.weir.gateway.imports.reading}'s, and what
 * is remembered of a run is {@link dev.weir.gateway.imports.resume}'s.
 *
 * <p>Invariants: a file is read row by row, and memory is a few batches, whatever its size. A row's
 * event, its id included, depends only on the file's content and the mapping, so that sending it again
 * is recognised as a duplicate and bills nothing twice. What the state file says is acknowledged was
 * acknowledged. Every row ends up in exactly one count: accepted, duplicate, conflict, rejected.
 * The key is never printed or written down.
 *
 * <p>Times: an event's time is what its row says; the clock only measures how long things took and
 * when to save the state.
 */
@NullMarked
package dev.weir.gateway.imports;

import org.jspecify.annotations.NullMarked;
