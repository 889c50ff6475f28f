/**
 * What a user could take instead of an engine: a table of events in PostgreSQL with a unique key, into
 * which a program inserts what it has parsed. The figures leave out its HTTP and its parsing, and the
 * adding up that a bill needs later: all that Weir's include.
 */
@NullMarked
package dev.weir.benchmarks.table;

import org.jspecify.annotations.NullMarked;
