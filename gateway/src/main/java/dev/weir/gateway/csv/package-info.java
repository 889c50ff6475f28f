/**
 * Files of comma-separated values as usage events.
 *
 * <p>Owns: the reader of records, the numbers and times that such files have, the mapping from
 * columns to the parts of an event, its inference from a header and some rows, and the event's bytes.
 *
 * <p>Invariants: a file is read row by row and never held; a cell, a row and their count are bounded;
 * a row that breaks the rules spoils only itself and is told with its reason; numbers are exact
 * decimals; the same file and mapping give the same bytes, so that sending it again bills nothing
 * twice.
 *
 * <p>Times: an event's time is what its cell says, in the zone of the mapping where the cell has no
 * offset.
 */
@NullMarked
package dev.weir.gateway.csv;

import org.jspecify.annotations.NullMarked;
