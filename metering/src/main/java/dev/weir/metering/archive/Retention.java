package dev.weir.metering.archive;

import dev.weir.metering.Invariant;
import dev.weir.metering.journal.Cycles;
import java.time.Duration;
import java.util.Optional;

/**
 * How long cycles stay on the local disk.
 *
 * @param days empty for ever; a cycle may go when its hour ended this long ago
 * @param withoutArchive whether it may go although no archive holds it: usage of that time can then
 *     never be derived again, and what was counted cannot be proven any more
 */
public record Retention(Optional<Integer> days, boolean withoutArchive) {

  public static final Retention UNLIMITED = new Retention(Optional.empty(), false);

  public Retention {
    Invariant.check(days.isEmpty() || days.get() > 0, "a cycle is kept for a day at least");
  }

  /** Whether a sealed cycle is old enough, counted from when it was brought back if it was. */
  public boolean isOver(int cycle, Optional<Long> restoredMillis, long nowMillis) {
    long since = Math.max(Cycles.startMillis(cycle) + Cycles.MILLIS, restoredMillis.orElse(0L));
    return days.isPresent() && nowMillis - since >= Duration.ofDays(days.get()).toMillis();
  }

  /** Whether an old cycle may go. */
  public boolean mayGo(boolean archived) {
    return archived || withoutArchive;
  }
}
