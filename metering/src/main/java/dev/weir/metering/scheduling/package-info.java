/**
 * What threads get of the processor. Those that requests wait for get it sooner than others. Those that
 * follow what is acknowledged get less, as long as they are in time. Those for what nobody waits for at the
 * moment get a tenth, and where somebody looks whether they are in time only what is left.
 *
 * <p>Invariants: nothing but speed relies on it; who is late gets more, so that nobody starves for good.
 * Where the operating system allows no raising of priorities, or knows nothing of all this, a thread stays as
 * Java has it, or at most one step of nice below that.
 */
@NullMarked
package dev.weir.metering.scheduling;

import org.jspecify.annotations.NullMarked;
