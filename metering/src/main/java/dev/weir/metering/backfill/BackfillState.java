package dev.weir.metering.backfill;

import java.util.Locale;

/** Where a backfill is in its life. The last three are ends. */
public enum BackfillState {
  /** Waits for a worker. */
  QUEUED,
  /** A worker reads the journal, or will again after a restart. */
  RUNNING,
  /** Told to wait; goes on where it is when resumed. */
  PAUSED,
  /** Its usage is the meter's. */
  COMPLETED,
  /** Told to end; its usage is removed. */
  CANCELLED,
  /** Cannot be done, for the reason given; its usage is removed. */
  FAILED;

  /** As stored and shown: in small letters. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  static BackfillState of(String text) {
    return valueOf(text.toUpperCase(Locale.ROOT));
  }

  public boolean isEnd() {
    return this == COMPLETED || this == CANCELLED || this == FAILED;
  }
}
