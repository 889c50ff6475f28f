package dev.weir.api.http;

import dev.weir.metering.MeteringError;
import dev.weir.metering.Refusal;
import java.time.DateTimeException;
import java.time.ZoneId;

/** Reads the names of time zones. */
public final class Zones {

  private Zones() {}

  /** Refuses with USAGE_ZONE_INVALID, naming the field. */
  public static ZoneId parse(String text, String field) {
    try {
      return ZoneId.of(text);
    } catch (DateTimeException e) {
      throw new Refusal(
          MeteringError.USAGE_ZONE_INVALID,
          field,
          "There is no time zone '%s'; use a name such as Europe/Berlin.".formatted(text));
    }
  }
}
