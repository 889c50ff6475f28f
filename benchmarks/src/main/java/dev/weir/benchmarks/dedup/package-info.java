/**
 * What remembering event identities costs: time of a check, memory and disk an identity, time to load.
 *
 * <p>Rates are of the checking thread's own processor time, so that sealing in the background and other
 * processes on the machine do not count; loading is wall time.
 */
@NullMarked
package dev.weir.benchmarks.dedup;

import org.jspecify.annotations.NullMarked;
