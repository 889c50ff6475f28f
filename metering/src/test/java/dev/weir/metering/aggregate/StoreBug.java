package dev.weir.metering.aggregate;

/** Ways in which a store could be wrong, to show that the simulation would notice. */
public enum StoreBug {
  NONE,
  /** Windows are added whatever the lanes' positions are. */
  NO_FENCE,
  /** Windows and positions are two transactions. */
  POSITIONS_APART,
  /** The value that came last wins, not the one of the latest event. */
  LATEST_BY_ARRIVAL,
  /** Meters are read while a change of them may still be under way. */
  METERS_NOT_LOCKED,
  /** What a window comes to without a voided event is added to what it was. */
  REFOLDS_ADDED
}
