package dev.weir.metering.backfill;

/** What a backfill has to read is no longer there. Stackless: it is a state of things, not a bug. */
final class JournalIncomplete extends RuntimeException {

  /**
   * @param sequence the last record that is missing
   */
  JournalIncomplete(int lane, long sequence, String why) {
    super(
        "The events of journal lane %d up to sequence %d cannot be read: %s."
            .formatted(lane, sequence, why),
        null,
        false,
        false);
  }
}
