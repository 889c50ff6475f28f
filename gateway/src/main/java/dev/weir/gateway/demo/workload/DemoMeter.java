package dev.weir.gateway.demo.workload;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A meter the demo creates.
 *
 * @param property name of the value inside {@code data}; null for COUNT
 * @param dimensions group-by names, each read from the property of the same name
 * @param splitBy the dimension by which its usage is compared, or null to compare per subject
 */
public record DemoMeter(
    String key,
    String eventType,
    String aggregation,
    @Nullable String property,
    List<String> dimensions,
    @Nullable String splitBy) {

  public DemoMeter {
    dimensions = List.copyOf(dimensions);
  }

  public Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("slug", key);
    json.put("eventType", eventType);
    json.put("aggregation", aggregation);
    if (property != null) {
      json.put("valueProperty", "$." + property);
    }
    if (!dimensions.isEmpty()) {
      Map<String, String> groupBy = new LinkedHashMap<>();
      dimensions.forEach(name -> groupBy.put(name, "$." + name));
      json.put("groupBy", groupBy);
    }
    return json;
  }
}
