/**
 * Which part of an event comes from where in a row.
 *
 * <p>Owns what the user says of it, in options or in a file; what the first rows tell of the rest; and the
 * events that it makes of JSON objects. Those of a CSV file's rows are made by {@link
 * dev.weir.gateway.csv.ColumnMapping}, which it gives the columns' numbers.
 *
 * <p>Invariants: what cannot be told is refused, never guessed; a column or property that is named and is not
 * there, or is there twice, is refused before the first row; a mapping is whole and immutable, and equal
 * mappings have equal words, by which a later run knows that it is the same; an event that a row makes depends
 * on the row, its number and the mapping alone.
 *
 * <p>Times: an event's time is what the row says, in the mapping's zone where it has no offset of its own.
 */
@NullMarked
package dev.weir.gateway.imports.mapping;

import org.jspecify.annotations.NullMarked;
