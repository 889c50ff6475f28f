package dev.weir.metering.meter;

import dev.weir.metering.journal.JournalPosition;
import org.jspecify.annotations.Nullable;

/**
 * A meter and the stretch of the journal that counts for it.
 *
 * @param activeFrom events after this position count
 * @param activeTo events after this position do not; null while the meter exists
 */
public record ActiveMeter(
    Meter meter, JournalPosition activeFrom, @Nullable JournalPosition activeTo) {

  /** Whether a record counts. */
  public boolean counts(int lane, long sequence) {
    return sequence > activeFrom.sequence(lane)
        && (activeTo == null || sequence <= activeTo.sequence(lane));
  }
}
