package dev.weir.api.usage;

import dev.weir.api.http.QueryParameter;
import dev.weir.api.http.Zones;
import dev.weir.metering.MeteringError;
import dev.weir.metering.Refusal;
import dev.weir.metering.json.JsonFields;
import dev.weir.metering.meter.Meter;
import dev.weir.metering.usage.UsageQuery;
import dev.weir.metering.usage.WindowSize;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A usage query as asked over the wire, before the meter is known. */
record UsageRequest(
    @Nullable Instant from,
    @Nullable Instant to,
    Set<String> subjects,
    Map<String, Set<String>> filterGroupBy,
    List<String> groupBy,
    @Nullable WindowSize windowSize,
    ZoneId zone,
    @Nullable String after,
    @Nullable String asOf,
    boolean decimalsAsStrings) {

  private static final String SUBJECT = "subject";
  private static final String FILTER_PREFIX = "filterGroupBy[";
  private static final int VALUES_MAX = 1_000;

  UsageQuery toQuery(Meter meter) {
    boolean bySubject = !subjects.isEmpty() || groupBy.contains(SUBJECT);
    List<String> dimensions =
        groupBy.stream().filter(name -> !name.equals(SUBJECT)).toList();
    return new UsageQuery(
        meter, from, to, subjects, filterGroupBy, dimensions, bySubject, windowSize, zone);
  }

  /** Completes when what it wants to see is visible: at once unless it names a position. */
  Future<Void> visible(VisibleUsage visible) {
    return visible.reaches(after);
  }

  static UsageRequest ofParameters(MultiMap parameters) {
    Map<String, Set<String>> filters = new HashMap<>();
    for (String name : parameters.names()) {
      refuseUnoffered(name);
      if (name.startsWith(FILTER_PREFIX) && name.endsWith("]")) {
        String dimension = name.substring(FILTER_PREFIX.length(), name.length() - 1);
        filters.put(dimension, new HashSet<>(bounded(parameters.getAll(name), name)));
      }
    }
    return new UsageRequest(
        QueryParameter.time(parameters.get("from"), "from"),
        QueryParameter.time(parameters.get("to"), "to"),
        new HashSet<>(bounded(parameters.getAll(SUBJECT), SUBJECT)),
        filters,
        distinct(parameters.getAll("groupBy")),
        windowSize(parameters.get("windowSize")),
        zone(parameters.get("windowTimeZone")),
        parameters.get("after"),
        plus(parameters.get("asOf")),
        "string".equals(parameters.get("decimals")));
  }

  /** A plus sign that was not percent-encoded arrives as a space. */
  private static @Nullable String plus(@Nullable String text) {
    return text == null ? null : text.replace(' ', '+');
  }

  /** Parameters of OpenMeter's that would change the answer must not be overlooked. */
  private static void refuseUnoffered(String name) {
    if (name.startsWith("filterCustomerId") || name.startsWith("advancedMeterGroupByFilters")) {
      throw QueryParameter.invalid(
          name, "is not offered here; use 'subject' and 'filterGroupBy[dimension]'.");
    }
  }

  static UsageRequest ofBody(JsonFields fields) {
    fields.allow(
        "from",
        "to",
        SUBJECT,
        "filterGroupBy",
        "advancedMeterGroupByFilters",
        "clientId",
        "groupBy",
        "windowSize",
        "windowTimeZone",
        "after",
        "asOf",
        "decimals");
    return new UsageRequest(
        fields.optionalInstant("from"),
        fields.optionalInstant("to"),
        new HashSet<>(fields.texts(SUBJECT, VALUES_MAX)),
        GroupConditions.of(fields, VALUES_MAX),
        distinct(fields.texts("groupBy", Meter.GROUP_BY_MAX + 1)),
        windowSize(fields.optionalText("windowSize")),
        zone(fields.optionalText("windowTimeZone")),
        fields.optionalText("after"),
        fields.optionalText("asOf"),
        "string".equals(fields.optionalText("decimals")));
  }

  /** Repeated parameters and comma-separated ones mean the same. */
  private static List<String> distinct(List<String> names) {
    return names.stream()
        .flatMap(name -> Arrays.stream(name.split(",")))
        .filter(name -> !name.isBlank())
        .distinct()
        .toList();
  }

  private static List<String> bounded(List<String> values, String name) {
    if (values.size() > VALUES_MAX) {
      throw QueryParameter.invalid(name, "may be given at most %d times.".formatted(VALUES_MAX));
    }
    return values;
  }

  private static @Nullable WindowSize windowSize(@Nullable String text) {
    if (text == null) {
      return null;
    }
    for (WindowSize size : WindowSize.values()) {
      if (size.name().equals(text)) {
        return size;
      }
    }
    throw new Refusal(
        MeteringError.USAGE_WINDOW_INVALID,
        "windowSize",
        "'windowSize' must be one of %s.".formatted(List.of(WindowSize.values())));
  }

  private static ZoneId zone(@Nullable String text) {
    return text == null ? ZoneOffset.UTC : Zones.parse(text, "windowTimeZone");
  }
}
