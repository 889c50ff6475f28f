/**
 * The open-loop load driver: requests leave at a constant rate whether or not earlier ones were
 * answered, and latency counts from the moment a request was due, so that a stall of the server shows
 * in every request that it delayed (no coordinated omission).
 */
@NullMarked
package dev.weir.benchmarks.load;

import org.jspecify.annotations.NullMarked;
