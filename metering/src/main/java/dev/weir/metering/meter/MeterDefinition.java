package dev.weir.metering.meter;

import dev.weir.metering.MeteringError;
import dev.weir.metering.Refusal;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a user says of a meter, checked and turned into a {@link Meter}.
 *
 * @param label null means none
 * @param groupBy dimension name to path text
 * @param filter path text to allowed values
 */
public record MeterDefinition(
    String key,
    @Nullable MeterLabel label,
    String eventType,
    Aggregation aggregation,
    @Nullable String valueProperty,
    Map<String, String> groupBy,
    Map<String, List<String>> filter,
    MeterOptions options) {

  private static final String KEY_PATTERN = "[a-z0-9][a-z0-9_-]{0,62}";
  private static final String DIMENSION_PATTERN = "[A-Za-z_][A-Za-z0-9_]{0,62}";
  private static final int PERCENTILE_DECIMALS_MAX = 4;
  private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

  /** A definition without a name and without options. */
  public MeterDefinition(
      String key,
      @Nullable String description,
      String eventType,
      Aggregation aggregation,
      @Nullable String valueProperty,
      Map<String, String> groupBy,
      Map<String, List<String>> filter) {
    this(
        key,
        MeterLabel.describing(description),
        eventType,
        aggregation,
        valueProperty,
        groupBy,
        filter,
        MeterOptions.NONE);
  }

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
    filter.forEach((path, values) -> allowed.put(path, Set.copyOf(values)));
    checkConditions(allowed, "filter");
    checkOptions();
    return new Meter(
        id,
        tenantId,
        key,
        label == null ? MeterLabel.NONE : label,
        eventType,
        aggregation,
        value(),
        paths,
        allowed,
        options,
        now,
        now);
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

  private static void checkConditions(
      Map<String, ? extends Collection<String>> conditions, String field) {
    if (conditions.size() > MeterOptions.CONDITIONS_MAX) {
      throw new Refusal(
          MeteringError.METER_FILTER_INVALID,
          field,
          "'%s' has at most %d paths.".formatted(field, MeterOptions.CONDITIONS_MAX));
    }
    conditions.forEach((path, values) -> {
      JsonPath.parse(path, field);
      if (values.isEmpty() || values.size() > MeterOptions.VALUES_MAX) {
        throw new Refusal(
            MeteringError.METER_FILTER_INVALID,
            field,
            "'%s' in '%s' needs 1 to %d values to compare with."
                .formatted(path, field, MeterOptions.VALUES_MAX));
      }
    });
  }

  private void checkOptions() {
    if (options.exclude().size() > MeterOptions.EXCLUDE_MAX) {
      throw new Refusal(
          MeteringError.METER_FILTER_INVALID,
          "exclude",
          "'exclude' has at most %d entries.".formatted(MeterOptions.EXCLUDE_MAX));
    }
    for (int i = 0; i < options.exclude().size(); i++) {
      String field = "exclude[" + i + "]";
      if (options.exclude().get(i).isEmpty()) {
        throw new Refusal(
            MeteringError.METER_FILTER_INVALID,
            field,
            "'%s' has no condition and would leave out every event.".formatted(field));
      }
      checkConditions(options.exclude().get(i), field);
    }
    checkPercentile();
    if (options.weightingZone() != null && !aggregation.isLevel()) {
      throw unexpected("weighting", Aggregation.WEIGHTED_SUM, Aggregation.WEIGHTED_UNIQUE_COUNT);
    }
    if (options.operationProperty() != null && aggregation != Aggregation.WEIGHTED_UNIQUE_COUNT) {
      throw unexpected("operationProperty", Aggregation.WEIGHTED_UNIQUE_COUNT);
    }
  }

  private void checkPercentile() {
    BigDecimal percentile = options.percentile();
    if (aggregation != Aggregation.PERCENTILE) {
      if (percentile != null) {
        throw unexpected("percentile", Aggregation.PERCENTILE);
      }
      return;
    }
    if (percentile == null) {
      throw new Refusal(
          MeteringError.METER_PERCENTILE_MISSING,
          "percentile",
          "'percentile' is required for percentile; give it in percent, such as 95 or 99.9.");
    }
    if (percentile.signum() <= 0
        || percentile.compareTo(HUNDRED) > 0
        || percentile.scale() > PERCENTILE_DECIMALS_MAX) {
      throw new Refusal(
          MeteringError.METER_PERCENTILE_INVALID,
          "percentile",
          "'percentile' must be over 0 and at most 100, with at most %d decimals."
              .formatted(PERCENTILE_DECIMALS_MAX));
    }
  }

  private static Refusal unexpected(String field, Aggregation... of) {
    return new Refusal(
        MeteringError.METER_OPTION_UNEXPECTED,
        field,
        "'%s' belongs to the aggregation %s; leave it out or choose that aggregation."
            .formatted(
                field,
                Arrays.stream(of)
                    .map(aggregation -> aggregation.name().toLowerCase(Locale.ROOT))
                    .collect(Collectors.joining(" or "))));
  }

  /**
   * Refuses a change of anything that decides what past usage means.
   *
   * @param meter the meter as it is
   */
  public void checkSameMeaning(Meter meter) {
    MeterChange now = MeterChange.of(meter);
    MeterChange wanted = change(meter);
    checkSame(
        "valueProperty",
        String.valueOf(now.valueProperty()),
        String.valueOf(wanted.valueProperty()));
    checkSame("groupBy", now.groupBy(), wanted.groupBy());
    checkSame("filter", now.filter(), wanted.filter());
    checkSameOptions(meter.options());
  }

  private void checkSameOptions(MeterOptions now) {
    checkSame("percentile", String.valueOf(now.percentile()), String.valueOf(options.percentile()));
    checkSame("exclude", new HashSet<>(now.exclude()), new HashSet<>(options.exclude()));
    checkSame("rounding", String.valueOf(now.rounding()), String.valueOf(options.rounding()));
    checkSame("nonNegative", now.nonNegative(), options.nonNegative());
    checkSame(
        "weighting", String.valueOf(now.weightingZone()), String.valueOf(options.weightingZone()));
    checkSame(
        "operationProperty",
        String.valueOf(now.operationProperty()),
        String.valueOf(options.operationProperty()));
  }

  private static void checkSame(String field, Object now, Object wanted) {
    if (!now.equals(wanted)) {
      throw new Refusal(
          MeteringError.METER_CHANGE_REFUSED,
          field,
          "'%s' decides what past usage means. Add \"backfill\": true to have the past counted anew by the"
                  .formatted(field)
              + " change, or create a new meter and use it in a new version of the plan.");
    }
  }

  /**
   * What this changes of a meter, if its past is counted anew; refuses what cannot change even then.
   *
   * @param meter the meter as it is
   */
  public MeterChange change(Meter meter) {
    Meter wanted = toMeter(meter.id(), meter.tenantId(), meter.createdAt());
    checkFixed("slug", meter.key(), wanted.key());
    checkFixed("eventType", meter.eventType(), wanted.eventType());
    checkFixed("aggregation", meter.aggregation(), wanted.aggregation());
    return MeterChange.of(wanted);
  }

  private static void checkFixed(String field, Object now, Object wanted) {
    if (!now.equals(wanted)) {
      throw new Refusal(
          MeteringError.METER_CHANGE_REFUSED,
          field,
          "'%s' decides what past usage means and cannot change; create a new meter, with \"backfill\": true if it is"
                  .formatted(field)
              + " to count the past too, and use it in a new version of the plan.");
    }
  }
}
