/**
 * Rows of files as usage events, whatever the file's format.
 *
 * <p>Owns: reading bytes while knowing where one is, the numbers and times that files have, the event
 * that a row becomes, and its bytes as JSON.
 *
 * <p>Invariants: a row that breaks the rules spoils only itself and is told with a code, a field and
 * its reason; numbers are exact decimals or kept as they were written, never binary floating point; the
 * same row gives the same bytes, so that sending it again bills nothing twice; all that is kept of a
 * row is bounded.
 *
 * <p>Times: an event's time is what the row says, in a given zone where it has no offset of its own.
 */
@NullMarked
package dev.weir.gateway.rows;

import org.jspecify.annotations.NullMarked;
