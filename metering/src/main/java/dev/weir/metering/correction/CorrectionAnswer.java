package dev.weir.metering.correction;

import dev.weir.metering.event.Rejection;
import dev.weir.metering.journal.JournalPosition;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What became of a request; everything done is on stable storage.
 *
 * @param position includes every correction that was made
 * @param outcomes one for each correction, in order
 */
public record CorrectionAnswer(JournalPosition position, List<Outcome> outcomes) {

  public CorrectionAnswer {
    outcomes = List.copyOf(outcomes);
  }

  /** What a correction came to. */
  public enum Verdict {
    /** The event does not count; it may not have before. */
    VOIDED,
    /** The new event counts in place of the old. */
    REPLACED,
    /** Nothing was changed; the reason is given. */
    REJECTED;

    public String wire() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * @param voids the record that was taken back; null when none counted
   * @param rejection why nothing was changed
   */
  public record Outcome(
      String id,
      @Nullable String source,
      Verdict verdict,
      @Nullable String voids,
      @Nullable Rejection rejection) {}
}
