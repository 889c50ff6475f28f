package dev.weir.metering.usage;

import dev.weir.metering.MeteringError;
import dev.weir.metering.Refusal;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/**
 * Where windows begin, in a zone. Windows tile the range: each begins where the last one ends, the first
 * and the last may reach beyond the range. A day on which clocks change has 23, 25 or other hours, and an
 * hour that is repeated is two windows.
 */
public final class UsageWindows {

  /** Most windows that one query may span. */
  public static final int WINDOWS_MAX = 50_000;

  private UsageWindows() {}

  /**
   * The starts of all windows that touch {@code [from, to)}, and last the end of the last one. Refuses
   * with USAGE_TOO_MANY_ROWS beyond {@value #WINDOWS_MAX} windows.
   */
  public static List<Instant> boundaries(Instant from, Instant to, WindowSize size, ZoneId zone) {
    List<Instant> boundaries = new ArrayList<>();
    ZonedDateTime at = first(from, size, zone);
    while (at.toInstant().isBefore(to)) {
      boundaries.add(onMinute(at));
      if (boundaries.size() > WINDOWS_MAX) {
        throw new Refusal(
            MeteringError.USAGE_TOO_MANY_ROWS,
            "windowSize",
            "The range has more than %d windows; ask for a shorter range or larger windows."
                .formatted(WINDOWS_MAX));
      }
      at = next(at, size);
    }
    boundaries.add(onMinute(at));
    return boundaries;
  }

  private static Instant onMinute(ZonedDateTime boundary) {
    Instant instant = boundary.toInstant();
    if (instant.getEpochSecond() % 60 != 0) {
      throw new Refusal(
          MeteringError.USAGE_ZONE_INVALID,
          "windowTimeZone",
          "In '%s' windows do not begin on a whole minute, the grain of usage; use another zone."
              .formatted(boundary.getZone()));
    }
    return instant;
  }

  /** The start of the window that holds an instant. */
  private static ZonedDateTime first(Instant time, WindowSize size, ZoneId zone) {
    ZonedDateTime at = start(time.atZone(zone), size);
    if (at.toInstant().isAfter(time)) {
      // The whole local hour lies in the gap of a clock change, and was moved behind it.
      at = start(time.atZone(zone).minusHours(1), size);
    }
    // Where clocks went back, the window named by the local time may have ended before.
    for (ZonedDateTime next = next(at, size);
        !next.toInstant().isAfter(time);
        next = next(at, size)) {
      at = next;
    }
    return at;
  }

  private static ZonedDateTime start(ZonedDateTime time, WindowSize size) {
    return switch (size) {
      case MINUTE -> time.truncatedTo(ChronoUnit.MINUTES);
      case HOUR -> time.truncatedTo(ChronoUnit.HOURS);
      case DAY -> time.toLocalDate().atStartOfDay(time.getZone());
      case MONTH -> time.toLocalDate().withDayOfMonth(1).atStartOfDay(time.getZone());
    };
  }

  private static ZonedDateTime next(ZonedDateTime start, WindowSize size) {
    return switch (size) {
      case MINUTE -> start.plusMinutes(1);
      case HOUR -> {
        // Where clocks move by half an hour, the plain step would leave the whole local hours.
        ZonedDateTime stepped = start.plusHours(1);
        ZonedDateTime whole = stepped.truncatedTo(ChronoUnit.HOURS);
        yield whole.toInstant().isAfter(start.toInstant()) ? whole : stepped;
      }
      case DAY -> start.toLocalDate().plusDays(1).atStartOfDay(start.getZone());
      case MONTH -> start.toLocalDate().plusMonths(1).atStartOfDay(start.getZone());
    };
  }
}
