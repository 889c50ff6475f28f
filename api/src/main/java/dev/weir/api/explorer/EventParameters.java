package dev.weir.api.explorer;

import dev.weir.api.http.ApiError;
import dev.weir.metering.MeteringError;
import dev.weir.metering.Refusal;
import dev.weir.metering.event.EventTime;
import dev.weir.metering.explorer.EventCursor;
import dev.weir.metering.explorer.EventFilter;
import dev.weir.metering.explorer.EventSearch;
import dev.weir.metering.explorer.EventVerdict;
import dev.weir.metering.explorer.MeterFilter;
import io.vertx.core.MultiMap;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which events are asked for over the wire, before meter and customer are known. Texts are compared as a
 * whole; an empty parameter counts as absent.
 *
 * @param subjects empty for all
 * @param meter key or id
 * @param customer key or id
 */
record EventParameters(
    Set<String> subjects,
    @Nullable String type,
    @Nullable String source,
    @Nullable String id,
    @Nullable String meter,
    @Nullable String customer,
    EventFilter.Range event,
    EventFilter.Range received,
    @Nullable EventVerdict verdict) {

  private static final int LIMIT_DEFAULT = 100;
  private static final int SUBJECTS_MAX = 1_000;
  private static final int TEXT_MAX = 1_024;
  private static final Instant LAST_TIME = EventTime.instant(Long.MAX_VALUE);

  static EventParameters of(MultiMap parameters) {
    String customer = text(parameters, "customer");
    return new EventParameters(
        subjects(parameters),
        text(parameters, "type"),
        text(parameters, "source"),
        text(parameters, "id"),
        text(parameters, "meter"),
        customer == null ? text(parameters, "customerId") : customer,
        range(parameters, "from", "to"),
        range(parameters, "ingestedAtFrom", "ingestedAtTo"),
        verdict(parameters));
  }

  private static Set<String> subjects(MultiMap parameters) {
    List<String> subjects = parameters.getAll("subject");
    if (subjects.size() > SUBJECTS_MAX) {
      throw invalid("subject", "may be given at most %d times.".formatted(SUBJECTS_MAX));
    }
    return subjects.stream().filter(subject -> !subject.isEmpty()).collect(Collectors.toSet());
  }

  private static @Nullable String text(MultiMap parameters, String name) {
    List<String> texts = parameters.getAll(name);
    if (texts.size() > 1) {
      throw invalid(name, "may be given once.");
    }
    if (texts.isEmpty() || texts.get(0).isEmpty()) {
      return null;
    }
    if (texts.get(0).length() > TEXT_MAX) {
      throw invalid(name, "must be at most %d characters.".formatted(TEXT_MAX));
    }
    return texts.get(0);
  }

  private static EventFilter.Range range(MultiMap parameters, String fromName, String toName) {
    Long from = nanos(parameters, fromName);
    Long to = nanos(parameters, toName);
    long begin = from == null ? 0 : from;
    long end = to == null ? Long.MAX_VALUE : to;
    if (begin > end) {
      throw new Refusal(
          MeteringError.EVENTS_RANGE_INVALID,
          fromName,
          "'%s' must not be after '%s'.".formatted(fromName, toName));
    }
    return new EventFilter.Range(begin, end);
  }

  private static @Nullable Long nanos(MultiMap parameters, String name) {
    String text = text(parameters, name);
    if (text == null) {
      return null;
    }
    try {
      // A plus sign that was not percent-encoded arrives as a space.
      OffsetDateTime time = OffsetDateTime.parse(text.replace(' ', '+'));
      if (time.getYear() >= 1970 && time.getYear() <= 9999) {
        Instant instant = time.toInstant();
        return instant.isBefore(Instant.EPOCH)
            ? 0
            : instant.isBefore(LAST_TIME) ? EventTime.nanos(instant) : Long.MAX_VALUE;
      }
    } catch (DateTimeException e) {
      // refused below
    }
    throw invalid(
        name, "must be an RFC 3339 time such as 2026-11-21T10:15:00Z, from 1970 to 9999.");
  }

  private static @Nullable EventVerdict verdict(MultiMap parameters) {
    String text = text(parameters, "verdict");
    return text == null
        ? null
        : EventVerdict.ofWire(text)
            .orElseThrow(() -> invalid(
                "verdict",
                "must be one of %s; duplicates and rejected events are not journaled."
                    .formatted(Arrays.stream(EventVerdict.values())
                        .map(EventVerdict::wire)
                        .toList())));
  }

  static int limit(MultiMap parameters) {
    String text = text(parameters, "limit");
    if (text == null) {
      return LIMIT_DEFAULT;
    }
    int limit = text.matches("[0-9]{1,7}") ? Integer.parseInt(text) : 0;
    if (limit < 1 || limit > EventSearch.LIMIT_MAX) {
      throw invalid(
          "limit", "must be a whole number from 1 to %d.".formatted(EventSearch.LIMIT_MAX));
    }
    return limit;
  }

  static @Nullable EventCursor cursor(MultiMap parameters) {
    String text = text(parameters, "cursor");
    return text == null ? null : EventCursor.parse(text);
  }

  static boolean partial(MultiMap parameters) {
    String text = text(parameters, "partial");
    if (text == null || text.equals("false")) {
      return false;
    }
    if (text.equals("true")) {
      return true;
    }
    throw invalid("partial", "must be true or false.");
  }

  private static Refusal invalid(String name, String fix) {
    return new Refusal(ApiError.QUERY_PARAMETER_INVALID, name, "'%s' %s".formatted(name, fix));
  }

  /**
   * The filter, once meter and customer are known.
   *
   * @param ofCustomer the customer's subjects; null when no customer was asked for
   */
  EventFilter filter(
      UUID tenantId, @Nullable MeterFilter meterFilter, @Nullable Set<String> ofCustomer) {
    Set<String> wanted = subjects.isEmpty() ? ofCustomer : subjects;
    if (ofCustomer != null && !subjects.isEmpty()) {
      wanted = new HashSet<>(subjects);
      wanted.retainAll(ofCustomer);
    }
    return new EventFilter(
        tenantId, wanted, type, source, id, meterFilter, event, received, verdict);
  }
}
