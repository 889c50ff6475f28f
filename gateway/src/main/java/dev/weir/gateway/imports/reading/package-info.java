/**
 * A file's rows as events, one after the other, whatever the file is.
 *
 * <p>Owns what a file is: packed or not, CSV or lines of JSON, its content's fingerprint; the plan by which its
 * rows become events, made from its first bytes; and the reading itself.
 *
 * <p>Invariants: memory is the file's head and one row, whatever the file's size; a plan has nothing left open,
 * and reading by it may begin at the start of any row with the same rows, ids and line numbers as if it had
 * come there from the start; a row that is no event spoils only itself, and what it wrote of itself is
 * forgotten by whoever reads; lines that are CloudEvents are sent byte for byte.
 *
 * <p>Times are rows' own; nothing here asks a clock.
 */
@NullMarked
package dev.weir.gateway.imports.reading;

import org.jspecify.annotations.NullMarked;
