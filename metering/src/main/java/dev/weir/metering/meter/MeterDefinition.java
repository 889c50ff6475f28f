package dev.weir.metering.meter;

import dev.weir.metering.MeteringError;
import dev.weir.metering.Refusal;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a user says of a meter, checked and turned into a {@link Meter}.
 *
 * @param groupBy dimension name to path text
 * @param filter path text to allowed values
 */
public record MeterDefinition(
    String key,
    @Nullable String description,
    String eventType,
    Aggregation aggregation,
    @Nullable String valueProperty,
    Map<String, String> groupBy,
    Map<String, List<String>> filter) {

  private static final String KEY_PATTERN = "[a-z0-9][a-z0-9_-]{0,62}";
  private static final String DIMENSION_PATTERN = "[A-Za-z_][A-Za-z0-9_]{0,62}";

  /** The meter that this defines; refuses with the field at fault. */
  public Meter toMeter(UUID id, UUID tenantId, Instant now) {
    if (!key.matches(KEY_PATTERN)) {
      throw new Refusal(
          MeteringError.FIELD_INVALID,
          "slug",
          "'slug' must be 1 to 63 lower-case letters, digits, '_' or '-', beginning with a letter"
              + " or digit.");
    }
    TreeMap<String, JsonPath> paths = new TreeMap<>();
    groupBy.forEach(
        (name, path) -> paths.put(dimension(name), JsonPath.parse(path, "groupBy." + name)));
    Map<String, Set<String>> allowed = new HashMap<>();
    filter.forEach((path, values) -> {
      JsonPath.parse(path, "filter");
      allowed.put(path, Set.copyOf(values));
    });
    return new Meter(
        id, tenantId, key, description, eventType, aggregation, value(), paths, allowed, now, now);
  }

  private static String dimension(String name) {
    if (!name.matches(DIMENSION_PATTERN)) {
      throw new Refusal(
          MeteringError.FIELD_INVALID,
          "groupBy." + name,
          "A group-by name must be 1 to 63 letters, digits or '_', beginning with a letter or '_'.");
    }
    return name;
  }

  private @Nullable JsonPath value() {
    if (aggregation.takesValue() && valueProperty == null) {
      throw new Refusal(
          MeteringError.METER_VALUE_PROPERTY_MISSING,
          "valueProperty",
          "'valueProperty' is required for %s; give the path of the value, such as \"$.tokens\"."
              .formatted(aggregation.name().toLowerCase(Locale.ROOT)));
    }
    if (!aggregation.takesValue() && valueProperty != null) {
      throw new Refusal(
          MeteringError.METER_VALUE_PROPERTY_UNEXPECTED,
          "valueProperty",
          "COUNT counts events and takes no value; leave 'valueProperty' out.");
    }
    return valueProperty == null ? null : JsonPath.parse(valueProperty, "valueProperty");
  }

  /**
   * Refuses a change of anything that decides what past usage means.
   *
   * @param meter the meter as it is
   */
  public void checkSameMeaning(Meter meter) {
    MeterChange now = MeterChange.of(meter);
    MeterChange wanted = change(meter);
    if (!Objects.equals(now.valueProperty(), wanted.valueProperty())) {
      throw needsBackfill("valueProperty");
    }
    if (!now.groupBy().equals(wanted.groupBy())) {
      throw needsBackfill("groupBy");
    }
    if (!now.filter().equals(wanted.filter())) {
      throw needsBackfill("filter");
    }
  }

  private static Refusal needsBackfill(String field) {
    return new Refusal(
        MeteringError.METER_CHANGE_REFUSED,
        field,
        "'%s' decides what past usage means. Add \"backfill\": true to have all usage counted anew by the"
                .formatted(field)
            + " change, or create a new meter and use it in a new version of the plan.");
  }

  /**
   * What this changes of a meter, if usage is counted anew; refuses what cannot change even then.
   *
   * @param meter the meter as it is
   */
  public MeterChange change(Meter meter) {
    Meter wanted = toMeter(meter.id(), meter.tenantId(), meter.createdAt());
    checkSame("slug", meter.key(), wanted.key());
    checkSame("eventType", meter.eventType(), wanted.eventType());
    checkSame("aggregation", meter.aggregation().name(), wanted.aggregation().name());
    return MeterChange.of(wanted);
  }

  private static void checkSame(String field, String now, String wanted) {
    if (!now.equals(wanted)) {
      throw new Refusal(
          MeteringError.METER_CHANGE_REFUSED,
          field,
          "'%s' of a meter cannot change; create a new meter (with \"backfill\": true it counts the past too) and use it in a new"
                  .formatted(field)
              + " version of the plan.");
    }
  }
}
