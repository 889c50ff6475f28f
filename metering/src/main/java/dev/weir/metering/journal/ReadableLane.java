package dev.weir.metering.journal;

/** One lane of a journal, for reading. Thread-safe; each reader belongs to one thread. */
public interface ReadableLane {

  int number();

  LaneFiles files();

  /**
   * A reader from the first frame that is kept, here or in the archive; any number of readers may be
   * open.
   */
  JournalReader reader();

  /** A reader of what is here without a gap up to the end: from behind the newest cycle that is not. */
  JournalReader localReader();
}
