package dev.weir.api.invoices;

import dev.weir.api.http.QueryParameter;
import io.vertx.ext.web.RoutingContext;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads query parameters; an empty one counts as absent, as forms send it. */
record QueryParameters(RoutingContext context) {

  private static final int TEXT_MAX = 200;

  @Nullable
  String text(String name) {
    String text = context.request().getParam(name);
    if (text == null || text.isBlank()) {
      return null;
    }
    if (text.length() > TEXT_MAX || text.indexOf('\0') >= 0) {
      throw QueryParameter.invalid(
          name, "must be at most " + TEXT_MAX + " characters, without NUL.");
    }
    return text;
  }

  @Nullable
  UUID id(String name) {
    String text = text(name);
    if (text == null) {
      return null;
    }
    if (text.length() != 36) {
      throw QueryParameter.invalid(name, "must be an id (a UUID).");
    }
    try {
      return UUID.fromString(text);
    } catch (IllegalArgumentException e) {
      throw QueryParameter.invalid(name, "must be an id (a UUID).");
    }
  }

  /** A time, or a date, which means its midnight in UTC. */
  @Nullable
  Instant instant(String name) {
    String text = text(name);
    if (text == null) {
      return null;
    }
    try {
      // A '+' that was not escaped arrives as a space.
      OffsetDateTime time = text.length() == 10
          ? LocalDate.parse(text).atStartOfDay().atOffset(ZoneOffset.UTC)
          : OffsetDateTime.parse(text.replace(' ', '+'));
      if (time.getYear() >= 1970 && time.getYear() <= 9999) {
        return time.toInstant();
      }
    } catch (DateTimeException e) {
      // refused below
    }
    throw QueryParameter.invalid(
        name,
        "must be an RFC 3339 time such as 2026-11-21T10:15:00Z or a date, from 1970 to 9999.");
  }

  boolean flag(String name) {
    return QueryParameter.flag(text(name), name);
  }
}
