package dev.weir.gateway.imports.mapping;

import dev.weir.gateway.rows.TimeFormat;
import dev.weir.gateway.rows.ValueKind;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the user said of the mapping; whatever is not said is inferred.
 *
 * @param places part to the column or property it is taken from; {@link #MADE} for ids that are not
 *     taken from any
 * @param constants part to its value in all events; no part has both
 * @param data property of the data to where it is taken from, in the order given
 * @param allOther whether everything that is not mapped becomes a property of the data too
 */
public record MappingRequest(
    Map<Part, String> places,
    Map<Part, String> constants,
    Map<String, From> data,
    boolean allOther,
    TimeFormat timeFormat) {

  /** In place of a column: ids are made, though there may be a column of them. */
  static final String MADE = "-";

  public MappingRequest {
    places = Collections.unmodifiableMap(copy(places));
    constants = Collections.unmodifiableMap(copy(constants));
    data = Collections.unmodifiableMap(new LinkedHashMap<>(data));
  }

  private static Map<Part, String> copy(Map<Part, String> map) {
    Map<Part, String> copy = new EnumMap<>(Part.class);
    copy.putAll(map);
    return copy;
  }

  /**
   * Where a property comes from.
   *
   * @param place a column or property
   * @param kind what it is, or null to find out
   */
  public record From(String place, @Nullable ValueKind kind) {}

  /** Whether anything is said of what comes from where. */
  public boolean namesPlaces() {
    return !places.isEmpty() || !data.isEmpty() || allOther;
  }
}
