package dev.weir.metering.journal;

/** The journal does not read back as it was written; names the lane and the place. Never retried. */
public final class JournalCorrupt extends RuntimeException {

  public JournalCorrupt(String message) {
    super(message);
  }
}
