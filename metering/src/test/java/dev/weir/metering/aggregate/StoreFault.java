package dev.weir.metering.aggregate;

/** What goes wrong at a call of the store. */
public enum StoreFault {
  /** The call fails and nothing was done. */
  NOTHING_DONE,
  /** The call fails, but everything was done. */
  ANSWER_LOST,
  /** The call fails, and what it asked for may be done at any later time. */
  UNDER_WAY
}
