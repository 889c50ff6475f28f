package dev.weir.metering.explorer;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What holds of a journaled event now. Duplicates and rejected events are not journaled. */
public enum EventVerdict {
  /** It counts; it may be the replacement of another. */
  ACCEPTED,
  /** Its id was known with another payload: kept for inspection, it never counted. */
  CONFLICT,
  /** It was taken back. */
  VOIDED,
  /** It was taken back, and another event counts in its place. */
  REPLACED;

  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Optional<EventVerdict> ofWire(String text) {
    return Stream.of(values()).filter(verdict -> verdict.wire().equals(text)).findFirst();
  }
}
