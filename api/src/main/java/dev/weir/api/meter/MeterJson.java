package dev.weir.api.meter;

import dev.weir.metering.meter.JsonPath;
import dev.weir.metering.meter.Meter;
import dev.weir.metering.meter.MeterChange;
import dev.weir.metering.meter.MeterLabel;
import dev.weir.metering.meter.MeterOptions;
import dev.weir.metering.meter.QuantityRounding;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** A meter in the wire shape; what it does not have is left out. */
final class MeterJson {

  private MeterJson() {}

  static Map<String, Object> wire(Meter meter) {
    Map<String, Object> wire = new LinkedHashMap<>();
    wire.put("id", meter.id());
    wire.put("slug", meter.key());
    putLabel(wire, meter);
    wire.put("eventType", meter.eventType());
    wire.put("aggregation", meter.aggregation().name());
    wire.putAll(definition(MeterChange.of(meter)));
    wire.put("windowSize", "MINUTE");
    wire.put("createdAt", meter.createdAt());
    wire.put("updatedAt", meter.updatedAt());
    return wire;
  }

  /** The part of a meter that a backfill can change. */
  static Map<String, Object> definition(MeterChange definition) {
    Map<String, Object> wire = new LinkedHashMap<>();
    JsonPath value = definition.valueProperty();
    if (value != null) {
      wire.put("valueProperty", value.text());
    }
    Map<String, String> groupBy = new TreeMap<>();
    definition.groupBy().forEach((name, path) -> groupBy.put(name, path.text()));
    wire.put("groupBy", groupBy);
    if (!definition.filter().isEmpty()) {
      wire.put("filter", new TreeMap<>(definition.filter()));
    }
    putOptions(wire, definition.options());
    return wire;
  }

  private static void putLabel(Map<String, Object> wire, Meter meter) {
    MeterLabel label = meter.label();
    wire.put("name", label.name() == null ? meter.key() : label.name());
    if (label.description() != null) {
      wire.put("description", label.description());
    }
    if (!label.metadata().isEmpty()) {
      wire.put("metadata", label.metadata());
    }
  }

  private static void putOptions(Map<String, Object> wire, MeterOptions options) {
    if (options.percentile() != null) {
      wire.put("percentile", options.percentile());
    }
    if (!options.exclude().isEmpty()) {
      wire.put("exclude", options.exclude().stream().map(TreeMap::new).toList());
    }
    QuantityRounding rounding = options.rounding();
    if (rounding != null) {
      Map<String, Object> rule = new LinkedHashMap<>();
      rule.put("mode", rounding.mode().name().toLowerCase(Locale.ROOT));
      rule.put("scale", rounding.scale());
      wire.put("rounding", rule);
    }
    if (options.nonNegative()) {
      wire.put("nonNegative", true);
    }
    if (options.weightingZone() != null) {
      wire.put("weighting", MeterRequest.Weighting.DAY.name());
      wire.put("weightingTimeZone", options.weightingZone().getId());
    }
    if (options.operationProperty() != null) {
      wire.put("operationProperty", options.operationProperty().text());
    }
  }
}
