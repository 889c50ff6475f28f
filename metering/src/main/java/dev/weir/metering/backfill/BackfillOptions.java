package dev.weir.metering.backfill;

import dev.weir.metering.Invariant;

/**
 * Bounds of backfills.
 *
 * @param workers backfills at once; others wait; 0 when this process is to do none
 * @param perTenantMax unfinished backfills of one tenant
 * @param rowsPerChunk rows that are written in one transaction, about
 * @param recordsPerChunk records that are read between two transactions, at most one frame more
 */
public record BackfillOptions(
    int workers, int perTenantMax, int rowsPerChunk, long recordsPerChunk) {

  public static final BackfillOptions DEFAULT = new BackfillOptions(1, 10, 10_000, 2_000_000);

  public BackfillOptions {
    Invariant.check(workers >= 0, "there cannot be less than no worker");
    Invariant.check(perTenantMax > 0, "a tenant may have a backfill");
    Invariant.check(rowsPerChunk > 0 && recordsPerChunk > 0, "a chunk holds something");
  }

  /** The same with other numbers of backfills. */
  public BackfillOptions with(int otherWorkers, int otherPerTenantMax) {
    return new BackfillOptions(otherWorkers, otherPerTenantMax, rowsPerChunk, recordsPerChunk);
  }
}
