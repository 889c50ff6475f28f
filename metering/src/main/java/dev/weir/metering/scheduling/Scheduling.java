package dev.weir.metering.scheduling;

import org.jspecify.annotations.Nullable;

/** How the operating system shares the processor among threads. Thread-safe; nothing fails. */
interface Scheduling {

  /**
   * A thread of the operating system.
   *
   * @param nice what it had of Java, or of the process
   */
  record SystemThread(int number, int nice) {}

  /** A thread that does not want the processor now. */
  long NOT_WAITING = -1;

  /** Of a thread of which that cannot be told. */
  long UNKNOWN = -2;

  /** The calling thread; null where none can be told. */
  @Nullable
  SystemThread current();

  /**
   * Has a thread of this process get so much of the processor.
   *
   * @return false where that is not allowed or cannot be done
   */
  boolean give(SystemThread thread, Share share);

  /**
   * How many nanoseconds a thread of this process has run, if it wants the processor now or has it; {@link
   * #NOT_WAITING} otherwise, and {@link #UNKNOWN} where that cannot be told.
   */
  long nanosRun(SystemThread thread);
}
