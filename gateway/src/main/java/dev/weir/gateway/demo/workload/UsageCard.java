package dev.weir.gateway.demo.workload;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A usage rate card of the demo's plan.
 *
 * @param filter dimension to the one value that this card bills; empty bills all
 */
public record UsageCard(String key, String meter, Map<String, String> filter, Tariff tariff) {

  public UsageCard {
    filter = Map.copyOf(filter);
  }

  Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("key", key);
    json.put("type", "usage");
    json.put("meter", meter);
    if (!filter.isEmpty()) {
      json.put("filter", filter);
    }
    json.put("price", tariff.json());
    return json;
  }
}
