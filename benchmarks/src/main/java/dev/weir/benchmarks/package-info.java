/**
 * Measurements, all of them under {@code weir bench}: one package for each idea that is measured, over
 * {@code harness} (options, console), {@code load} (the open-loop driver), {@code server} (what is
 * measured, in processes of their own) and {@code report}. {@link Benchmarks} lists what there is.
 * Micro-benchmarks are under {@code jmh}. Figures with the machine, event size and the meaning of an
 * acknowledgement are in RESULTS.md.
 */
@NullMarked
package dev.weir.benchmarks;

import org.jspecify.annotations.NullMarked;
