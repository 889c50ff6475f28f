/**
 * Weir beside others in the same run on the same machine, as a ratio to each: a limit that it cannot
 * pass, or something that a user could take instead. Figures of different runs or machines are never
 * set beside each other.
 */
@NullMarked
package dev.weir.benchmarks.compare;

import org.jspecify.annotations.NullMarked;
