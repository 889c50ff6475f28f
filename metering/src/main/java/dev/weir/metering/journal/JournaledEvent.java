package dev.weir.metering.journal;

import dev.weir.metering.event.EventBatch;
import java.util.UUID;

/**
 * A copy of one record of the journal.
 *
 * @param flags see the constants of {@link EventBatch}
 * @param receivedNanos when the request that brought it began; for a void, when the event was voided
 * @param timeNanos the event's own time; the receive time if it had none
 * @param payloadHash stands for the content, see {@code DataWalk}
 * @param extensions extension attributes as a JSON object, empty text when there are none; for a void,
 *     what is said of the correction
 * @param data a JSON object; empty text when the event had none
 */
public record JournaledEvent(
    int lane,
    long sequence,
    int flags,
    UUID tenantId,
    long receivedNanos,
    long timeNanos,
    long payloadHash,
    String source,
    String id,
    String type,
    String subject,
    String extensions,
    String data) {

  public boolean isConflict() {
    return (flags & EventBatch.FLAG_CONFLICT) != 0;
  }

  public boolean isVoid() {
    return (flags & EventBatch.FLAG_VOID) != 0;
  }

  public boolean isReplacement() {
    return (flags & EventBatch.FLAG_REPLACEMENT) != 0;
  }

  public boolean isTimeGiven() {
    return (flags & EventBatch.FLAG_TIME_GIVEN) != 0;
  }

  /** The record's place, as positions print it. */
  public String position() {
    return lane + ":" + sequence;
  }
}
