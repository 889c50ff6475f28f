package dev.weir.metering.scheduling;

/** Threads that requests wait for: the event loops, and the lanes of the journal. */
public final class AnsweringThread {

  private AnsweringThread() {}

  /**
   * Has the calling thread get the processor sooner, for good, where the operating system can do that (Linux
   * since 6.12), though no more of it, as what it does for a request is short. Threads that it starts are as
   * others. Never fails. Cost: some microseconds, the first time a tenth of a second.
   */
  public static void begin() {
    ThreadShares.OF_PROCESS.give(Share.SOONER);
  }
}
