package dev.weir.metering.scheduling;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Threads that requests wait for: the event loops, and the lanes of the journal. */
public final class AnsweringThread {

  private static final Logger LOG = LoggerFactory.getLogger(AnsweringThread.class);

  private AnsweringThread() {}

  /**
   * Has the calling thread get the processor sooner, where the operating system can do that (Linux since 6.12),
   * though no more of it: what it does for a request is short. Threads that it starts are as others. Never fails.
   * Cost: some microseconds, the first time a tenth of a second.
   */
  public static void begin() {
    try {
      ThreadShares.OF_PROCESS.give(Share.SOONER);
    } catch (RuntimeException | Error e) {
      LOG.warn("a thread that answers requests gets the processor no sooner than others", e);
    }
  }
}
