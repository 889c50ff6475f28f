/**
 * Threads for what nobody waits for at the moment, and what they get of the processor.
 *
 * <p>Invariants: nothing but speed relies on it; who is late gets more, so that nobody starves for good; what
 * the operating system does not allow is left as Java has it.
 */
@NullMarked
package dev.weir.metering.background;

import org.jspecify.annotations.NullMarked;
