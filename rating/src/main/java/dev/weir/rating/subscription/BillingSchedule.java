package dev.weir.rating.subscription;

import dev.weir.metering.Invariant;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneOffsetTransition;
import org.jspecify.annotations.Nullable;

/**
 * The boundaries between billing periods: the anchor's wall time in the zone, again and again.
 *
 * <p>Each boundary is counted from the anchor, not from the one before, so an anchor on the 31st
 * falls on the last day of shorter months and comes back to the 31st. A wall time that a clock change
 * skips moves on by the length of the change; one that occurs twice means the first. A day that a
 * zone left out altogether (Samoa's 30 December 2011) begins no daily period. Boundaries are cut to
 * the minute, which matters only for offsets with seconds, long ago.
 *
 * <p>Pure; a boundary costs a few date operations.
 *
 * @param anchor boundary 0, on a whole minute
 */
public record BillingSchedule(Instant anchor, BillingCycle cycle, ZoneId zone) {

  private static final long DAY_HOURS = 24;

  public BillingSchedule {
    Invariant.check(
        anchor.equals(anchor.truncatedTo(ChronoUnit.MINUTES)), "an anchor is on a whole minute");
  }

  /** The instant of boundary k; strictly increasing in k. */
  public Instant boundary(int k) {
    Invariant.check(k >= 0, "boundaries count from 0");
    if (k == 0) {
      return anchor;
    }
    LocalDateTime wall = cycle.after(wallAnchor(), k + daysLeftOut(k));
    return ZonedDateTime.of(wall, zone).toInstant().truncatedTo(ChronoUnit.MINUTES);
  }

  /** The first boundary before an instant that lies within a unit of UTC; null when there is none. */
  @Nullable
  Instant firstWithin(ChronoUnit unit, Instant before) {
    Instant boundary = anchor;
    for (int k = 1; boundary.isBefore(before); k++) {
      if (!boundary.equals(boundary.truncatedTo(unit))) {
        return boundary;
      }
      boundary = boundary(k);
    }
    return null;
  }

  public BillingPeriod period(int k) {
    return new BillingPeriod(k, boundary(k), boundary(Math.addExact(k, 1)));
  }

  /** The period that holds an instant, which must not be before the anchor. */
  public BillingPeriod periodAt(Instant instant) {
    Invariant.check(!instant.isBefore(anchor), "no period holds a time before the anchor");
    LocalDateTime wall = LocalDateTime.ofInstant(instant, zone);
    int k = Math.toIntExact(Math.max(0, cycle.between(wallAnchor(), wall)));
    while (boundary(k).isAfter(instant)) {
      k--;
    }
    BillingPeriod period = period(k);
    while (!period.contains(instant)) {
      period = period(period.index() + 1);
    }
    return period;
  }

  private LocalDateTime wallAnchor() {
    return LocalDateTime.ofInstant(anchor, zone);
  }

  /** How many of the first k days do not exist in this zone; zero for longer cycles. */
  private long daysLeftOut(int k) {
    long leftOut = 0;
    if (cycle == BillingCycle.DAILY) {
      for (ZoneOffsetTransition change : zone.getRules().getTransitions()) {
        if (leavesOutDay(change) && change.getInstant().isAfter(anchor)) {
          long skipped = daysUntil(change.getDateTimeBefore());
          leftOut += skipped <= k + leftOut ? 1 : 0;
        }
      }
    }
    return leftOut;
  }

  private static boolean leavesOutDay(ZoneOffsetTransition change) {
    return change.isGap() && change.getDuration().toHours() >= DAY_HOURS;
  }

  /** The number of the first day whose wall time is at or after this one. */
  private long daysUntil(LocalDateTime wall) {
    long whole = ChronoUnit.DAYS.between(wallAnchor(), wall);
    return wallAnchor().plusDays(whole).isBefore(wall) ? whole + 1 : whole;
  }
}
