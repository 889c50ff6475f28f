/**
 * Weir as its users meet it: over real HTTP, with its own PostgreSQL, in this process or as a process of
 * its own that can be killed.
 *
 * <p>Every class compares what the server says with what the test itself counted. Times of events lie in
 * January 2026 or, for the real trace, in November 2023; both are over, so that their periods can be
 * billed with the real clock.
 */
@NullMarked
package dev.weir.gateway.e2e;

import org.jspecify.annotations.NullMarked;
