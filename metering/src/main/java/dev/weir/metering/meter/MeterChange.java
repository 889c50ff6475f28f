package dev.weir.metering.meter;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.metering.json.Json;
import java.math.BigDecimal;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What of a meter can change, if its past is counted anew: where values and groups are, which events
 * count, and the options.
 *
 * @param valueProperty null exactly when the aggregation is COUNT
 * @param groupBy dimension name to path, in name order
 * @param filter path to allowed values as text
 */
public record MeterChange(
    @Nullable JsonPath valueProperty,
    SortedMap<String, JsonPath> groupBy,
    Map<String, Set<String>> filter,
    MeterOptions options) {

  public MeterChange {
    groupBy = Collections.unmodifiableSortedMap(new TreeMap<>(groupBy));
    filter = MeterOptions.copy(filter);
  }

  /** The meter as it is. */
  public static MeterChange of(Meter meter) {
    return new MeterChange(meter.valueProperty(), meter.groupBy(), meter.filter(), meter.options());
  }

  /** As JSON, to be stored; {@link #read} gives it back. */
  public String text() {
    Map<String, Object> json = new LinkedHashMap<>();
    put(json, "valueProperty", valueProperty == null ? null : valueProperty.text());
    Map<String, String> groups = new TreeMap<>();
    groupBy.forEach((name, path) -> groups.put(name, path.text()));
    json.put("groupBy", groups);
    json.put("filter", new TreeMap<>(filter));
    json.put("exclude", options.exclude().stream().map(TreeMap::new).toList());
    BigDecimal percentile = options.percentile();
    put(json, "percentile", percentile == null ? null : percentile.toPlainString());
    QuantityRounding rounding = options.rounding();
    put(json, "roundingMode", rounding == null ? null : rounding.mode().name());
    put(json, "roundingScale", rounding == null ? null : rounding.scale());
    json.put("nonNegative", options.nonNegative());
    ZoneId zone = options.weightingZone();
    put(json, "weightingZone", zone == null ? null : zone.getId());
    JsonPath operation = options.operationProperty();
    put(json, "operationProperty", operation == null ? null : operation.text());
    return Json.text(json);
  }

  private static void put(Map<String, Object> json, String name, @Nullable Object value) {
    if (value != null) {
      json.put(name, value);
    }
  }

  /** What {@link #text} has written. */
  public static MeterChange read(String text) {
    JsonNode json = Json.parseOwn(text);
    TreeMap<String, JsonPath> groupBy = new TreeMap<>();
    json.path("groupBy")
        .properties()
        .forEach(e -> groupBy.put(e.getKey(), JsonPath.parse(e.getValue().textValue(), "groupBy")));
    return new MeterChange(
        json.has("valueProperty")
            ? JsonPath.parse(json.path("valueProperty").textValue(), "valueProperty")
            : null,
        groupBy,
        conditions(json.path("filter")),
        options(json));
  }

  private static MeterOptions options(JsonNode json) {
    List<Map<String, Set<String>>> exclude = new ArrayList<>();
    json.path("exclude").forEach(entry -> exclude.add(conditions(entry)));
    return new MeterOptions(
        json.has("percentile") ? new BigDecimal(json.path("percentile").textValue()) : null,
        exclude,
        json.has("roundingMode")
            ? new QuantityRounding(
                QuantityRounding.Mode.valueOf(json.path("roundingMode").textValue()),
                json.path("roundingScale").intValue())
            : null,
        json.path("nonNegative").booleanValue(),
        json.has("weightingZone") ? ZoneId.of(json.path("weightingZone").textValue()) : null,
        json.has("operationProperty")
            ? JsonPath.parse(json.path("operationProperty").textValue(), "operationProperty")
            : null);
  }

  private static Map<String, Set<String>> conditions(JsonNode paths) {
    Map<String, Set<String>> conditions = new HashMap<>();
    paths.properties().forEach(path -> {
      Set<String> values = new LinkedHashSet<>();
      path.getValue().forEach(value -> values.add(value.textValue()));
      conditions.put(path.getKey(), values);
    });
    return conditions;
  }
}
