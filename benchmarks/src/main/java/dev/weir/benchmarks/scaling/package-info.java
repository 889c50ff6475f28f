/**
 * The cost of an event while one thing grows: it must stay flat, or the report shows where it does not.
 */
@NullMarked
package dev.weir.benchmarks.scaling;

import org.jspecify.annotations.NullMarked;
