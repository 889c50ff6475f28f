package dev.weir.metering.scheduling;

/** How the operating system shares the processor among threads. Thread-safe. */
interface Scheduling {

  /** No thread has this number. */
  int UNKNOWN = -1;

  /** The number of the calling thread; {@link #UNKNOWN} where none can be told. */
  int thread();

  /**
   * Has a thread of this process get so much of the processor.
   *
   * @param thread its number
   * @return false where that is not allowed or cannot be done
   */
  boolean give(int thread, Share share);
}
