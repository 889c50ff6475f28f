/**
 * What Weir does for long, and under more than it takes: refusals, memory, threads and files over the
 * time, and how soon it is well again. As everywhere, the meter's total is compared with what was
 * acknowledged, so an event that was refused and counted, or acknowledged and lost, is a fault.
 */
@NullMarked
package dev.weir.benchmarks.endurance;

import org.jspecify.annotations.NullMarked;
