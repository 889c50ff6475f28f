/**
 * What threads get of the processor: those that requests wait for sooner than others, those that follow what is
 * acknowledged less, and those for what nobody waits for at the moment what is left.
 *
 * <p>Invariants: nothing but speed relies on it; who is late gets more, so that nobody starves for good; what
 * the operating system does not allow is left as Java has it.
 */
@NullMarked
package dev.weir.metering.scheduling;

import org.jspecify.annotations.NullMarked;
