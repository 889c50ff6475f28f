/**
 * The open-loop load driver: requests leave at a constant rate whether or not earlier ones were
 * answered, and latency counts from the moment a request was due, so that a stall of the server shows
 * in every request that it delayed (no coordinated omission).
 *
 * <p>A {@link Schedule} is arithmetic: what is due is known without a queue, so a server that does not
 * keep up costs the driver nothing. A sender is one thread with its own connections. Bodies are made
 * before the time counts, one for each request that can be under way, and patched in place.
 *
 * <p>HTTP/1.1 is spoken by a few hundred lines over a selector, because a load generator that shares two
 * cores with what it measures must cost little; HTTP/2 by Vert.x.
 */
@NullMarked
package dev.weir.benchmarks.load;

import org.jspecify.annotations.NullMarked;
