package dev.weir.metering.simulation.disk;

/** What goes wrong at an operation that changes the disk. */
public enum DiskFault {
  /** The operation fails; how much of it took effect is unknown. */
  ERROR,
  /** No space is left: a write fails after a part of it. */
  FULL,
  CRASH_BEFORE,
  CRASH_AFTER
}
