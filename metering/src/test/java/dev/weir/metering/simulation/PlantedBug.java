package dev.weir.metering.simulation;

import dev.weir.metering.aggregate.StoreBug;

/** Mistakes that could be made, to show that the simulation would find them. */
enum PlantedBug {
  NONE,
  /** Answers leave before anything is forced to the disk. */
  NEVER_FLUSHED,
  /** A flush that failed is tried again, and believed. */
  FLUSH_TRIED_AGAIN,
  /** The name of a new file is not made durable. */
  NAMES_NOT_FLUSHED,
  /** After a restart nothing is known of what came before. */
  IDENTITIES_FORGOTTEN,
  /** The same id with another payload is taken for a repetition. */
  PAYLOADS_NOT_COMPARED,
  /** Who corrects an event does not see that it was taken back already. */
  VOIDS_NOT_SEEN,
  /** A correction does not wait for the one that is under way. */
  CORRECTIONS_AT_ONCE,
  /** Windows are made of what is not flushed yet. */
  FOLDED_BEFORE_FLUSHED,
  FENCE_FORGOTTEN,
  POSITIONS_APART,
  LATEST_BY_ARRIVAL,
  METERS_NOT_LOCKED,
  REFOLDS_ADDED;

  StoreBug inStore() {
    return switch (this) {
      case FENCE_FORGOTTEN -> StoreBug.NO_FENCE;
      case POSITIONS_APART -> StoreBug.POSITIONS_APART;
      case LATEST_BY_ARRIVAL -> StoreBug.LATEST_BY_ARRIVAL;
      case METERS_NOT_LOCKED -> StoreBug.METERS_NOT_LOCKED;
      case REFOLDS_ADDED -> StoreBug.REFOLDS_ADDED;
      default -> StoreBug.NONE;
    };
  }
}
