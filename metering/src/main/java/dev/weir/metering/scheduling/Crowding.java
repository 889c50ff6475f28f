package dev.weir.metering.scheduling;

import java.util.concurrent.TimeUnit;

/**
 * Whether others leave nothing of any processor, so that who gets only what is left gets nothing. That must not
 * last: at a safepoint of the JVM, and for a lock, all may wait for such a thread, 1.2 s where a tenth is 0.05 s. It
 * is found out by a thread that has hardly run for long, or by a look that came too late itself; and
 * whether it has passed, only by another try, each of which is a risk. Confined to one thread.
 */
final class Crowding {

  /** By how much a look comes late where all wait for a thread that gets nothing. */
  private static final long LATE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** After which it is tried again; twice as long each time that it was too early. */
  private static final long FIRST_NANOS = TimeUnit.SECONDS.toNanos(10);

  private static final long LONGEST_NANOS = TimeUnit.MINUTES.toNanos(5);

  /** How long a try must have gone well to be none any more. */
  private static final long FORGOTTEN_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final long betweenLooksNanos;
  private long lookedAt;
  private long until;
  private long lasts;

  /**
   * @param now of {@link System#nanoTime}
   */
  Crowding(long betweenLooksNanos, long now) {
    this.betweenLooksNanos = betweenLooksNanos;
    this.lookedAt = now;
    this.until = now;
  }

  /**
   * A look; gives whether it is crowded.
   *
   * @param idle whether some thread has got only what is left since the last look
   * @param starving whether such a thread wants a processor and has hardly run for long
   */
  boolean look(long now, boolean idle, boolean starving) {
    boolean late = idle && now - lookedAt > betweenLooksNanos + LATE_NANOS;
    lookedAt = now;
    long since = now - until;
    if (since >= 0 && (starving || late)) {
      lasts =
          lasts == 0 || since > FORGOTTEN_NANOS ? FIRST_NANOS : Math.min(2 * lasts, LONGEST_NANOS);
      until = now + lasts;
    }
    return now - until < 0;
  }
}
