package dev.weir.rating.catalog;

import dev.weir.metering.Refusal;
import dev.weir.rating.RatingError;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** Time zones by their IANA names. */
public final class TimeZones {

  private TimeZones() {}

  /** The zone of a name such as {@code Europe/Berlin} or {@code UTC}; refuses bare offsets. */
  public static ZoneId parse(String name, String field) {
    try {
      ZoneId zone = ZoneId.of(name);
      if (!(zone instanceof ZoneOffset) && ZoneId.getAvailableZoneIds().contains(name)) {
        return zone;
      }
    } catch (DateTimeException e) {
      // Falls through to the refusal, which says what to send instead.
    }
    throw new Refusal(
        RatingError.TIME_ZONE_UNKNOWN,
        field,
        "'%s' in '%s' is not an IANA time zone; use a name such as \"UTC\" or \"Europe/Berlin\"."
            .formatted(name, field));
  }
}
