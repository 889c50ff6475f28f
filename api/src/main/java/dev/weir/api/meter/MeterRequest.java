package dev.weir.api.meter;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.api.http.Zones;
import dev.weir.metering.MeteringError;
import dev.weir.metering.Refusal;
import dev.weir.metering.json.Json;
import dev.weir.metering.json.JsonFields;
import dev.weir.metering.meter.Aggregation;
import dev.weir.metering.meter.JsonPath;
import dev.weir.metering.meter.Meter;
import dev.weir.metering.meter.MeterDefinition;
import dev.weir.metering.meter.MeterLabel;
import dev.weir.metering.meter.MeterOptions;
import dev.weir.metering.meter.QuantityRounding;
import io.vertx.ext.web.RoutingContext;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads a meter as it is defined over the wire. */
final class MeterRequest {

  /** From when a change of a level counts. */
  enum Weighting {
    /** From its event's time. */
    INSTANT,
    /** From the start of its event's day; where the event removes a key, from the end of it. */
    DAY
  }

  private static final String[] FIELDS = {
    "id",
    "slug",
    "name",
    "description",
    "metadata",
    "eventType",
    "aggregation",
    "valueProperty",
    "groupBy",
    "filter",
    "exclude",
    "percentile",
    "rounding",
    "nonNegative",
    "weighting",
    "weightingTimeZone",
    "operationProperty",
    "windowSize",
    "createdAt",
    "updatedAt",
    "backfill"
  };

  private MeterRequest() {}

  static MeterDefinition definition(JsonFields fields) {
    fields.allow(FIELDS);
    if (!fields.textOr("windowSize", "MINUTE").equals("MINUTE")) {
      throw fields.invalid("windowSize", "must be MINUTE, the grain that all others are made of.");
    }
    return new MeterDefinition(
        fields.text("slug"),
        label(fields),
        fields.text("eventType"),
        fields.oneOf("aggregation", Aggregation.class),
        fields.optionalText("valueProperty"),
        fields.textMap("groupBy", Meter.GROUP_BY_MAX),
        fields.has("filter") ? conditions(fields.object("filter")) : Map.of(),
        options(fields));
  }

  /** Whether the body or the query asks to have the past counted too. */
  static boolean isBackfillAsked(RoutingContext context, JsonFields fields) {
    return fields.flag("backfill", "true".equals(context.queryParams().get("backfill")));
  }

  /** A body that repeats the whole meter, or gives some fields of it alone. */
  static MeterDefinition whole(Meter meter, JsonFields fields) {
    boolean isWhole = fields.has("slug") || fields.has("eventType") || fields.has("aggregation");
    return definition(isWhole ? fields : over(meter, fields));
  }

  /** What may change about a meter; what is not given is none. */
  static MeterLabel label(JsonFields fields) {
    String name = fields.optionalText("name");
    if (name != null && name.length() > MeterLabel.NAME_CHARS_MAX) {
      throw fields.invalid(
          "name", "must be at most %d characters long.".formatted(MeterLabel.NAME_CHARS_MAX));
    }
    return new MeterLabel(
        name,
        fields.optionalText("description"),
        new TreeMap<>(fields.textMap("metadata", MeterLabel.METADATA_MAX)));
  }

  /** The meter as it is, with the fields that were given put over it. */
  private static JsonFields over(Meter meter, JsonFields fields) {
    fields.allow(FIELDS);
    ObjectNode whole = (ObjectNode) Json.parseOwn(Json.text(MeterJson.wire(meter)));
    fields.names().forEach(name -> whole.set(name, fields.node(name)));
    return JsonFields.of(whole);
  }

  private static Map<String, List<String>> conditions(JsonFields paths) {
    Map<String, List<String>> conditions = new LinkedHashMap<>();
    paths.names().forEach(path -> conditions.put(path, paths.texts(path, MeterOptions.VALUES_MAX)));
    return conditions;
  }

  private static MeterOptions options(JsonFields fields) {
    List<Map<String, Set<String>>> exclude = new ArrayList<>();
    for (JsonFields entry : fields.objects("exclude", MeterOptions.EXCLUDE_MAX)) {
      Map<String, Set<String>> sets = new HashMap<>();
      conditions(entry).forEach((path, values) -> sets.put(path, new HashSet<>(values)));
      exclude.add(sets);
    }
    return new MeterOptions(
        fields.optionalDecimal("percentile"),
        exclude,
        fields.has("rounding") ? rounding(fields.object("rounding")) : null,
        fields.flag("nonNegative", false),
        weightingZone(fields),
        operationProperty(fields));
  }

  private static @Nullable JsonPath operationProperty(JsonFields fields) {
    String path = fields.optionalText("operationProperty");
    return path == null ? null : JsonPath.parse(path, "operationProperty");
  }

  private static QuantityRounding rounding(JsonFields fields) {
    fields.allow("mode", "scale");
    Integer scale = fields.optionalInt("scale");
    return new QuantityRounding(
        fields.oneOf("mode", QuantityRounding.Mode.class), scale == null ? 0 : scale);
  }

  private static @Nullable ZoneId weightingZone(JsonFields fields) {
    String zone = fields.optionalText("weightingTimeZone");
    if (fields.optionalOneOf("weighting", Weighting.class) == Weighting.DAY) {
      return Zones.parse(zone == null ? "UTC" : zone, "weightingTimeZone");
    }
    if (zone != null) {
      throw new Refusal(
          MeteringError.METER_OPTION_UNEXPECTED,
          "weightingTimeZone",
          "'weightingTimeZone' says where days begin; it needs \"weighting\":\"DAY\".");
    }
    return null;
  }
}
