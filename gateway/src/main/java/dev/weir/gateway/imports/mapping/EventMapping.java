package dev.weir.gateway.imports.mapping;

import dev.weir.gateway.csv.ColumnMapping;
import dev.weir.gateway.rows.TimeFormat;
import dev.weir.gateway.rows.ValueKind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What comes from where, with nothing left open.
 *
 * @param places part to column or property; the time is among them
 * @param constants part to its value in all events; no part has both
 * @param data properties in the order in which they are written
 * @param allOther whether properties that are not named become data too; never for columns, which are
 *     all named
 */
public record EventMapping(
    Map<Part, String> places,
    Map<Part, String> constants,
    List<Property> data,
    boolean allOther,
    TimeFormat timeFormat) {

  public EventMapping {
    places = Collections.unmodifiableMap(new TreeMap<>(places));
    constants = Collections.unmodifiableMap(new TreeMap<>(constants));
    data = List.copyOf(data);
  }

  /**
   * A property of the data.
   *
   * @param kind null takes a JSON value as it is
   */
  public record Property(
      String name, String place, @Nullable ValueKind kind) {}

  /** A part's value in the events that have none of their own. */
  String constant(Part part) {
    return constants.getOrDefault(part, "");
  }

  /** Whether events get ids that are made from the file's content and the row's number. */
  public boolean makesIds() {
    return !places.containsKey(Part.ID);
  }

  /**
   * The same for the rows of a CSV file, by the numbers of its columns.
   *
   * @param file its name, for messages
   * @throws dev.weir.gateway.terminal.CommandFailure naming a place that is no column
   */
  public ColumnMapping ofColumns(String file, List<String> header) {
    ColumnPlaces columns = new ColumnPlaces(file, header);
    List<String> names = new ArrayList<>();
    List<Integer> indexes = new ArrayList<>();
    List<ValueKind> kinds = new ArrayList<>();
    for (Property property : data) {
      names.add(property.name());
      indexes.add(columns.require(property.place()));
      kinds.add(property.kind() == null ? ValueKind.TEXT : property.kind());
    }
    return new ColumnMapping(
        header.size(),
        column(Part.ID, columns),
        column(Part.SOURCE, columns),
        column(Part.TYPE, columns),
        column(Part.SUBJECT, columns),
        columns.require(String.valueOf(places.get(Part.TIME))),
        timeFormat,
        new ColumnMapping.Values(names, indexes, kinds));
  }

  private @Nullable Integer column(Part part, ColumnPlaces columns) {
    String place = places.get(part);
    return place == null ? null : Integer.valueOf(columns.require(place));
  }

  /** The mapping in words, one line for each part; equal mappings give equal words. */
  public List<String> lines() {
    Map<Part, String> parts = new EnumMap<>(Part.class);
    places.forEach((part, place) -> parts.put(part, "from " + place));
    constants.forEach((part, value) -> parts.put(part, "always " + value));
    parts.computeIfPresent(Part.TIME, (part, text) -> text + ", " + timeFormat);
    Map<String, String> lines = new LinkedHashMap<>();
    parts.forEach((part, text) -> lines.put(part.label(), text));
    for (Property property : data) {
      String kind = property.kind() == null ? "as it is" : property.kind().label();
      lines.put("data." + property.name(), "from %s, %s".formatted(property.place(), kind));
    }
    if (allOther) {
      lines.put("data", "everything else, as it is");
    }
    int width = lines.keySet().stream().mapToInt(String::length).max().orElse(0);
    return lines.entrySet().stream()
        .map(line ->
            line.getKey() + " ".repeat(width - line.getKey().length()) + "  " + line.getValue())
        .toList();
  }
}
