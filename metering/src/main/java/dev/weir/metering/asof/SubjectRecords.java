package dev.weir.metering.asof;

import dev.weir.metering.journal.JournalPosition;
import dev.weir.metering.journal.JournaledEvent;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads a subject's records back from the journal. */
@FunctionalInterface
public interface SubjectRecords {

  /**
   * Shows every record of a subject with an event time in a range, voids, replacements and conflicts too,
   * once each, in any order. Blocks until the index has come so far.
   *
   * @param fromNanos inclusive
   * @param toNanos exclusive
   * @param upTo nothing that lies after this in the journal is shown; must be on stable storage; null for
   *     all that is there at the call
   */
  void visit(
      UUID tenantId,
      String subject,
      long fromNanos,
      long toNanos,
      @Nullable JournalPosition upTo,
      Consumer<JournaledEvent> consumer);
}
