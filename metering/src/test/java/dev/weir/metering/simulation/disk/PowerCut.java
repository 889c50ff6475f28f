package dev.weir.metering.simulation.disk;

/** What a power cut leaves of what was written and not forced. */
public enum PowerCut {
  NOTHING_REMAINS,
  ALL_REMAINS,
  /** Any sectors, in any order. */
  SECTORS_REMAIN,
  /** Of the file written last a beginning, its last sector half written or garbled. */
  TORN
}
