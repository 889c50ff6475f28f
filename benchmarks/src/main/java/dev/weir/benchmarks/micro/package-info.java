/** The micro-benchmarks of {@code jmh}, run by name with a report. */
@NullMarked
package dev.weir.benchmarks.micro;

import org.jspecify.annotations.NullMarked;
