/**
 * Measurements: micro-benchmarks of the hot parts under {@code jmh}. Figures with the machine, event
 * size and the meaning of an acknowledgement are in RESULTS.md.
 */
@NullMarked
package dev.weir.benchmarks;

import org.jspecify.annotations.NullMarked;
