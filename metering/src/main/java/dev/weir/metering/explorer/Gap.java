package dev.weir.metering.explorer;

import dev.weir.metering.journal.Cycles;

/**
 * A part of a cycle that no run tells of.
 *
 * @param toOffset where it ends; {@link #CYCLE_END} for the end of the file
 */
record Gap(int cycle, long fromOffset, long toOffset) {

  static final long CYCLE_END = Long.MAX_VALUE;

  @Override
  public String toString() {
    return fromOffset == 0 && toOffset == CYCLE_END
        ? Cycles.name(cycle)
        : Cycles.name(cycle) + " (in part)";
  }
}
