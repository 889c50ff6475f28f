/**
 * Files of comma-separated values.
 *
 * <p>Owns: the reader of records, what a sample of rows says of the columns, and the mapping from
 * columns to the parts of an event.
 *
 * <p>Invariants: a file is read row by row and never held; a cell, a row and their count are bounded;
 * a record that breaks the rules spoils only itself and is given with its reason; where a row begins
 * and ends in the file is known to the byte.
 *
 * <p>Times: see {@code rows}.
 */
@NullMarked
package dev.weir.gateway.csv;

import org.jspecify.annotations.NullMarked;
