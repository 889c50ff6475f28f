package dev.weir.metering.meter;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.metering.json.Json;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What of a meter can change, if its past is counted anew: where values and groups are, and which
 * events count.
 *
 * @param valueProperty null exactly when the aggregation is COUNT
 * @param groupBy dimension name to path, in name order
 * @param filter path to allowed values as text
 */
public record MeterChange(
    @Nullable JsonPath valueProperty,
    SortedMap<String, JsonPath> groupBy,
    Map<String, Set<String>> filter) {

  public MeterChange {
    groupBy = Collections.unmodifiableSortedMap(new TreeMap<>(groupBy));
    filter = filter.entrySet().stream()
        .collect(
            Collectors.toUnmodifiableMap(Map.Entry::getKey, entry -> Set.copyOf(entry.getValue())));
  }

  /** The meter as it is. */
  public static MeterChange of(Meter meter) {
    return new MeterChange(meter.valueProperty(), meter.groupBy(), meter.filter());
  }

  /** As it was stored. */
  public static MeterChange read(@Nullable String value, String groupByJson, String filterJson) {
    TreeMap<String, JsonPath> groupBy = new TreeMap<>();
    Json.parseOwn(groupByJson)
        .properties()
        .forEach(e -> groupBy.put(e.getKey(), JsonPath.parse(e.getValue().textValue(), "groupBy")));
    Map<String, Set<String>> filter = new HashMap<>();
    Json.parseOwn(filterJson)
        .properties()
        .forEach(e -> filter.put(e.getKey(), texts(e.getValue())));
    return new MeterChange(
        value == null ? null : JsonPath.parse(value, "valueProperty"), groupBy, filter);
  }

  private static Set<String> texts(JsonNode array) {
    Set<String> texts = new LinkedHashSet<>();
    array.forEach(node -> texts.add(node.textValue()));
    return texts;
  }

  public @Nullable String valuePropertyText() {
    return valueProperty == null ? null : valueProperty.text();
  }

  /** Dimension name to the path as it was written. */
  public SortedMap<String, String> groupByTexts() {
    TreeMap<String, String> texts = new TreeMap<>();
    groupBy.forEach((name, path) -> texts.put(name, path.text()));
    return texts;
  }

  public String groupByJson() {
    return Json.text(groupByTexts());
  }

  public String filterJson() {
    return Json.text(new TreeMap<>(filter));
  }
}
