package dev.weir.rating.subscription;

import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** How long a billing period is. */
public enum BillingCycle {
  DAILY(ChronoUnit.DAYS, 1),
  WEEKLY(ChronoUnit.WEEKS, 1),
  MONTHLY(ChronoUnit.MONTHS, 1),
  QUARTERLY(ChronoUnit.MONTHS, 3),
  YEARLY(ChronoUnit.YEARS, 1);

  private final ChronoUnit unit;
  private final int units;

  BillingCycle(ChronoUnit unit, int units) {
    this.unit = unit;
    this.units = units;
  }

  /** The wall time some cycles after the anchor; a day the month does not have becomes its last. */
  LocalDateTime after(LocalDateTime anchor, long cycles) {
    return anchor.plus(Math.multiplyExact(cycles, units), unit);
  }

  /** Whole cycles from one wall time to another. */
  long between(LocalDateTime from, LocalDateTime to) {
    return unit.between(from, to) / units;
  }

  /** The name on the wire, in lower case. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
