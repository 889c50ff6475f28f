package dev.weir.api.ingest;

import dev.weir.metering.MeteringError;
import dev.weir.metering.Refusal;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Bytes that all bodies being received may take together, so that many slow senders cannot fill the
 * heap. Shared by all event loops; thread-safe.
 */
final class BodyBudget {

  private final long bytesMax;
  private final AtomicLong taken = new AtomicLong();

  BodyBudget(long bytesMax) {
    this.bytesMax = bytesMax;
  }

  /** Takes bytes; false, and nothing taken, when there are too few left. */
  boolean take(int bytes) {
    if (taken.addAndGet(bytes) <= bytesMax) {
      return true;
    }
    taken.addAndGet(-bytes);
    return false;
  }

  void giveBack(long bytes) {
    taken.addAndGet(-bytes);
  }

  static Refusal exhausted() {
    return new Refusal(
        MeteringError.INGEST_OVERLOADED,
        "Too many bodies are being received at once; nothing of this request was taken. Send it again"
            + " after the time in Retry-After.");
  }
}
