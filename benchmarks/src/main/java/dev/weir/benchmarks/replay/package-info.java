/**
 * How fast a journal is read back: as it is, folded for a meter, and as a backfill with PostgreSQL. Owns a
 * journal that it writes itself; figures state events a second on one thread.
 */
@NullMarked
package dev.weir.benchmarks.replay;

import org.jspecify.annotations.NullMarked;
