package dev.weir.api.usage;

import dev.weir.metering.json.JsonFields;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Which group values a query wants: {@code filterGroupBy} lists them, and OpenMeter's
 * {@code advancedMeterGroupByFilters} says {@code {"$eq":"a"}} or {@code {"$in":["a","b"]}}. A dimension
 * named by both must meet both.
 */
final class GroupConditions {

  private static final String ADVANCED = "advancedMeterGroupByFilters";
  private static final String EQUAL = "$eq";
  private static final String AMONG = "$in";

  private GroupConditions() {}

  /** Dimension to allowed values, of a request's body. */
  static Map<String, Set<String>> of(JsonFields body, int valuesMax) {
    Map<String, Set<String>> allowed = new HashMap<>();
    if (body.has("filterGroupBy")) {
      JsonFields lists = body.object("filterGroupBy");
      lists.names().forEach(name -> allowed.put(name, new HashSet<>(lists.texts(name, valuesMax))));
    }
    if (body.has(ADVANCED)) {
      JsonFields conditions = body.object(ADVANCED);
      for (String name : conditions.names()) {
        Set<String> values = values(conditions.object(name), valuesMax);
        allowed.merge(name, values, GroupConditions::both);
      }
    }
    return allowed;
  }

  private static Set<String> values(JsonFields condition, int valuesMax) {
    condition.allow(EQUAL, AMONG);
    if (condition.has(EQUAL) == condition.has(AMONG)) {
      throw condition.invalid(EQUAL, "or '%s' must be given, and not both.".formatted(AMONG));
    }
    return condition.has(EQUAL)
        ? Set.of(condition.text(EQUAL))
        : new HashSet<>(condition.texts(AMONG, valuesMax));
  }

  private static Set<String> both(Set<String> one, Set<String> other) {
    Set<String> shared = new HashSet<>(one);
    shared.retainAll(other);
    return shared;
  }
}
