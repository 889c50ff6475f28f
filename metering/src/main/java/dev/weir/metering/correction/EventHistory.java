package dev.weir.metering.correction;

import dev.weir.metering.journal.JournaledEvent;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Finds what the journal holds of an event, at any age. */
@FunctionalInterface
public interface EventHistory {

  /**
   * Every record with this id that was on stable storage at the call: originals, conflicts, voids and
   * replacements. Blocks.
   *
   * @param source null for all
   */
  List<JournaledEvent> find(UUID tenantId, @Nullable String source, String id);
}
