package dev.weir.metering.asof;

import dev.weir.metering.journal.JournaledEvent;
import java.util.UUID;
import java.util.function.Consumer;

/** Reads a subject's records back from the journal. */
@FunctionalInterface
public interface SubjectRecords {

  /**
   * Shows every record of a subject with an event time in a range, voids, replacements and conflicts too,
   * once each, in any order: all that was on stable storage at the call. Blocks.
   *
   * @param fromNanos inclusive
   * @param toNanos exclusive
   */
  void visit(
      UUID tenantId,
      String subject,
      long fromNanos,
      long toNanos,
      Consumer<JournaledEvent> consumer);
}
