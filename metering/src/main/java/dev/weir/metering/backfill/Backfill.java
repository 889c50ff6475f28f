package dev.weir.metering.backfill;

import dev.weir.metering.meter.MeterChange;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A meter's past counted anew: what was asked for and how far it is.
 *
 * @param id also the id that its usage is kept under
 * @param wanted the definition to count by, the meter's own when only the past is to be added
 * @param reason why it failed, or what a worker waits for; null when all is well
 * @param from events in journal files of this hour and later are enough; null for all
 */
public record Backfill(
    UUID id,
    UUID tenantId,
    UUID meterId,
    MeterChange wanted,
    BackfillState state,
    @Nullable Reason reason,
    @Nullable Instant from,
    BackfillProgress progress,
    Times times) {

  /** The same, further on. */
  Backfill at(BackfillProgress reached) {
    return new Backfill(id, tenantId, meterId, wanted, state, reason, from, reached, times);
  }

  /** A code of {@link dev.weir.metering.MeteringError} and what it means here. */
  public record Reason(String code, String text) {}

  /**
   * When it was asked for, first taken up by a worker, last moved, and ended.
   *
   * @param startedAt null while it has waited only
   * @param endedAt null until then
   */
  public record Times(
      Instant createdAt,
      @Nullable Instant startedAt,
      Instant updatedAt,
      @Nullable Instant endedAt) {}
}
