/**
 * What every benchmark has: a name, documented options, a console with a progress line, and the machine
 * it ran on. Knows no benchmark.
 *
 * <p>Options are declared before they are read, so that help shows all there are, and a misspelt one is
 * refused rather than ignored.
 */
@NullMarked
package dev.weir.benchmarks.harness;

import org.jspecify.annotations.NullMarked;
