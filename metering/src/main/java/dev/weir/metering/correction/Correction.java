package dev.weir.metering.correction;

import org.jspecify.annotations.Nullable;

/**
 * What is asked for one event.
 *
 * @param id the event's
 * @param source needed when events of several sources have this id
 * @param position the record meant, when an id was used again after the deduplication horizon
 * @param reason why, at most 1,024 characters
 * @param replacement the whole new event as JSON, with the same source and id; null voids the event
 */
public record Correction(
    String id,
    @Nullable String source,
    @Nullable String position,
    String reason,
    @Nullable String replacement) {

  public boolean isVoid() {
    return replacement == null;
  }
}
