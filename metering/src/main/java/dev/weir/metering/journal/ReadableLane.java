package dev.weir.metering.journal;

/** One lane of a journal, for reading. Thread-safe; each reader belongs to one thread. */
public interface ReadableLane {

  int number();

  LaneFiles files();

  /**
   * A reader from the first frame of the lane, here or in the archive: if that is gone for good, the
   * first read fails. Any number of readers may be open.
   */
  JournalReader reader();

  /**
   * A reader from the cycle of a time on, or from the first frame after it that is kept; at least the
   * last cycle that has frames is read.
   */
  JournalReader readerSince(long epochMillis);
}
