package dev.weir.api.explorer;

import dev.weir.api.http.QueryParameter;
import dev.weir.metering.MeteringError;
import dev.weir.metering.Refusal;
import dev.weir.metering.event.EventTime;
import dev.weir.metering.explorer.EventCursor;
import dev.weir.metering.explorer.EventFilter;
import dev.weir.metering.explorer.EventSearch;
import dev.weir.metering.explorer.EventVerdict;
import dev.weir.metering.explorer.MeterFilter;
import io.vertx.core.MultiMap;
import java.time.Instant;
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
      throw QueryParameter.invalid(
          "subject", "may be given at most %d times.".formatted(SUBJECTS_MAX));
    }
    return subjects.stream().filter(subject -> !subject.isEmpty()).collect(Collectors.toSet());
  }

  private static @Nullable String text(MultiMap parameters, String name) {
    String text = QueryParameter.once(parameters, name);
    if (text != null && text.length() > TEXT_MAX) {
      throw QueryParameter.invalid(name, "must be at most %d characters.".formatted(TEXT_MAX));
    }
    return text;
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
    Instant instant = QueryParameter.time(text(parameters, name), name);
    if (instant == null) {
      return null;
    }
    return instant.isBefore(Instant.EPOCH)
        ? 0
        : instant.isBefore(LAST_TIME) ? EventTime.nanos(instant) : Long.MAX_VALUE;
  }

  private static @Nullable EventVerdict verdict(MultiMap parameters) {
    String text = text(parameters, "verdict");
    return text == null
        ? null
        : EventVerdict.ofWire(text)
            .orElseThrow(() -> QueryParameter.invalid(
                "verdict",
                "must be one of %s; duplicates and rejected events are not journaled."
                    .formatted(Arrays.stream(EventVerdict.values())
                        .map(EventVerdict::wire)
                        .toList())));
  }

  static int limit(MultiMap parameters) {
    return QueryParameter.number(
        text(parameters, "limit"), "limit", LIMIT_DEFAULT, EventSearch.LIMIT_MAX);
  }

  static @Nullable EventCursor cursor(MultiMap parameters) {
    String text = text(parameters, "cursor");
    return text == null ? null : EventCursor.parse(text);
  }

  static boolean partial(MultiMap parameters) {
    return QueryParameter.flag(text(parameters, "partial"), "partial");
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
