/**
 * Times what happens to the journal's files after they were written: check, seal, archive, read back.
 * Started by hand; the build runs it once with few events.
 */
@NullMarked
package dev.weir.benchmarks.archive;

import org.jspecify.annotations.NullMarked;
