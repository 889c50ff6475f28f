package dev.weir.metering.journal;

/** One lane of a journal, for reading. Thread-safe; each reader belongs to one thread. */
public interface ReadableLane {

  int number();

  LaneFiles files();

  /** A reader from the first frame that is kept; any number of readers may be open. */
  JournalReader reader();
}
