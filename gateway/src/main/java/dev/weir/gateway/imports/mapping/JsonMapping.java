package dev.weir.gateway.imports.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.weir.gateway.imports.mapping.EventMapping.Property;
import dev.weir.gateway.rows.RowEvent;
import dev.weir.gateway.rows.RowFault;
import dev.weir.gateway.rows.TimeFormat;
import dev.weir.gateway.rows.UnusableRow;
import dev.weir.gateway.rows.ValueKind;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes events of JSON objects. Immutable once built. */
public final class JsonMapping {

  private record Value(
      String name, JsonPlace place, @Nullable ValueKind kind) {}

  private final Map<Part, JsonPlace> parts = new EnumMap<>(Part.class);
  private final List<Value> values = new ArrayList<>();
  private final Set<String> taken = new HashSet<>();
  private final boolean allOther;
  private final TimeFormat timeFormat;

  public JsonMapping(EventMapping mapping) {
    mapping.places().forEach((part, place) -> parts.put(part, place(place)));
    for (Property property : mapping.data()) {
      values.add(new Value(property.name(), place(property.place()), property.kind()));
    }
    this.allOther = mapping.allOther();
    this.timeFormat = mapping.timeFormat();
  }

  private JsonPlace place(String text) {
    JsonPlace place = JsonPlace.parse(text);
    if (place.steps().size() == 1) {
      // What lies deeper stays in its object too, as the object is taken over as it is.
      taken.add(place.root());
    }
    return place;
  }

  public RowEvent event(JsonNode object) throws UnusableRow {
    List<String> names = new ArrayList<>();
    List<@Nullable Object> data = new ArrayList<>();
    for (Value value : values) {
      names.add(value.name());
      data.add(data(value, object));
    }
    if (allOther) {
      object.fields().forEachRemaining(field -> {
        if (!taken.contains(field.getKey()) && !names.contains(field.getKey())) {
          names.add(field.getKey());
          data.add(field.getValue());
        }
      });
    }
    return new RowEvent(
        part(Part.ID, object),
        part(Part.SOURCE, object),
        part(Part.TYPE, object),
        part(Part.SUBJECT, object),
        RowEvent.time(text(value(Part.TIME, object), "time"), timeFormat),
        names,
        data);
  }

  private JsonNode value(Part part, JsonNode object) {
    JsonPlace place = parts.get(part);
    return place == null ? MissingNode.getInstance() : place.in(object);
  }

  private @Nullable String part(Part part, JsonNode object) throws UnusableRow {
    String label = part.label();
    return parts.containsKey(part)
        ? RowEvent.required(text(value(part, object), label), label)
        : null;
  }

  private static @Nullable Object data(Value value, JsonNode object) throws UnusableRow {
    JsonNode node = value.place().in(object);
    if (node.isNull() || node.isMissingNode()) {
      return null;
    }
    String field = "data." + value.name();
    return value.kind() == null ? node : value.kind().read(text(node, field), field);
  }

  /** A scalar as text, numbers with all their digits; empty when there is none. */
  private static String text(JsonNode node, String field) throws UnusableRow {
    if (node.isContainerNode()) {
      throw new UnusableRow(
          RowFault.ROW_FIELD_INVALID, field, "its %s is an object or an array".formatted(field));
    }
    return node.isNull() ? "" : node.asText();
  }
}
