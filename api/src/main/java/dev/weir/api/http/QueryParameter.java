package dev.weir.api.http;

import dev.weir.metering.Refusal;
import io.vertx.core.MultiMap;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads what query parameters say; refuses with QUERY_PARAMETER_INVALID, naming the parameter. */
public final class QueryParameter {

  private QueryParameter() {}

  /** The only one of a name; an empty one counts as absent. */
  public static @Nullable String once(MultiMap parameters, String name) {
    List<String> texts = parameters.getAll(name);
    if (texts.size() > 1) {
      throw invalid(name, "may be given once.");
    }
    return texts.isEmpty() || texts.get(0).isEmpty() ? null : texts.get(0);
  }

  /** A whole number from 1 to a bound. */
  public static int number(@Nullable String text, String name, int fallback, int max) {
    if (text == null) {
      return fallback;
    }
    int value = text.matches("[0-9]{1,7}") ? Integer.parseInt(text) : 0;
    if (value < 1 || value > max) {
      throw invalid(name, "must be a whole number from 1 to %d.".formatted(max));
    }
    return value;
  }

  /** A time with its offset. */
  public static @Nullable Instant time(@Nullable String text, String name) {
    if (text == null) {
      return null;
    }
    try {
      // A plus sign that was not percent-encoded arrives as a space.
      OffsetDateTime time = OffsetDateTime.parse(text.replace(' ', '+'));
      if (time.getYear() >= 1970 && time.getYear() <= 9999) {
        return time.toInstant();
      }
    } catch (DateTimeException e) {
      // refused below
    }
    throw invalid(
        name, "must be an RFC 3339 time such as 2026-11-21T10:15:00Z, from 1970 to 9999.");
  }

  /** {@code true} or {@code false}, which is also what an absent one means. */
  public static boolean flag(@Nullable String text, String name) {
    if (text == null || text.equals("false")) {
      return false;
    }
    if (text.equals("true")) {
      return true;
    }
    throw invalid(name, "must be true or false.");
  }

  /**
   * What to throw for a parameter.
   *
   * @param fix goes on after its name
   */
  public static Refusal invalid(String name, String fix) {
    return new Refusal(ApiError.QUERY_PARAMETER_INVALID, name, "'%s' %s".formatted(name, fix));
  }
}
