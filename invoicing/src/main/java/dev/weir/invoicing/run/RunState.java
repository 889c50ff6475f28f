package dev.weir.invoicing.run;

import java.util.Locale;

/** Where a billing run is. */
public enum RunState {
  /** Asked for, not begun. */
  QUEUED,
  RUNNING,
  /** Every due subscription was billed or parked. */
  DONE,
  /** It could not work at all; what it billed before stays billed. */
  FAILED;

  /** The word on the wire and in the database. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  static RunState of(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }
}
